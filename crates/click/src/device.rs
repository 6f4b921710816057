tributary_kernel::text_enum! {
    /// What was clicked with, as coarse as reports need it: nothing that tells one person's
    /// machine from another's.
    pub enum Device {
        /// Windows, macOS, Linux, ChromeOS.
        Desktop = "desktop",
        /// A phone.
        Phone = "phone",
        /// A tablet. An iPad that asks for desktop pages says it is a Mac and is counted as one.
        Tablet = "tablet",
        /// Television, console, car, or not told.
        Other = "other",
    }
}

/// Names of televisions and consoles. Looked at first: they name Android or Linux too.
const SCREENS: [&str; 16] = [
    "SmartTV",
    "SMART-TV",
    "Smart TV",
    "GoogleTV",
    "Google TV",
    "Android TV",
    "AppleTV",
    "BRAVIA",
    " AFT",
    "CrKey",
    "Web0S",
    "HbbTV",
    "PlayStation",
    "Nintendo",
    "Xbox",
    "Roku/",
];
const TABLETS: [&str; 5] = ["iPad", "Tablet", "PlayBook", "Kindle", "Silk/"];
const PHONES: [&str; 6] = ["iPhone", "iPod", "Windows Phone", "KAIOS", "BB10", "Opera Mini"];
const DESKTOPS: [&str; 5] = ["Windows NT", "Macintosh", "X11", "CrOS", "Linux"];

/// The device that a `User-Agent` names. Android without `Mobile` is a tablet, by Android's own
/// convention.
#[must_use]
pub fn device(user_agent: &str) -> Device {
    let names = |marks: &[&str]| marks.iter().any(|mark| user_agent.contains(mark));
    let mobile = user_agent.contains("Mobile");
    if names(&SCREENS) {
        Device::Other
    } else if names(&TABLETS) {
        Device::Tablet
    } else if names(&PHONES) {
        Device::Phone
    } else if user_agent.contains("Android") {
        if mobile { Device::Phone } else { Device::Tablet }
    } else if names(&DESKTOPS) {
        Device::Desktop
    } else if mobile {
        Device::Phone
    } else {
        Device::Other
    }
}
