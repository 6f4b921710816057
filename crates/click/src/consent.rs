tributary_kernel::text_enum! {
    /// What a visitor has said about being tracked, as known at one moment.
    pub enum Consent {
        /// Said yes.
        Granted = "granted",
        /// Said no, or took a yes back, or sends `Sec-GPC`: no id, nothing identifying is kept.
        Denied = "denied",
        /// Not asked yet: the ordinary case when a link is clicked.
        Unknown = "unknown",
    }
}
