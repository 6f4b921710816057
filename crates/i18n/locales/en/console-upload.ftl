### Files with rows: sent, looked at, recorded.

uploads-title = Upload a file
uploads-how = Orders, leads, refunds and more that no system reports for you. You see what would become of each row before anything counts.
uploads-open = Upload a file
uploads-earlier = Earlier files
uploads-none = No file yet.
field-upload-kind = The rows are
upload-kind-conversions = Sales, leads and other results
upload-kind-refunds = Refunds
upload-kind-corrections = Corrected amounts
upload-kind-departures = Customers who have left
upload-kind-stages = Stages that leads have come to
field-upload-file = File
field-upload-file-hint = CSV or Excel (.xlsx), at most 128 MB and 1.1 million rows. The first row names the columns.
field-upload-separator = Sign between columns
field-upload-separator-hint = Only when we read the file wrongly: one sign, or tab.
field-upload-sheet = Sheet
field-upload-sheet-hint = Only for Excel files with several sheets; otherwise the first.
upload-send = Read the file
column-rows = Rows
column-line = Line
upload-rows =
    { $count ->
        [one] { $count } row
       *[other] { $count } rows
    }
upload-state-receiving = Being read
upload-state-mapping = Columns missing
upload-state-checking = Being looked at
upload-state-checked = Ready for you
upload-state-committing = Being recorded
upload-state-committed = Recorded
upload-state-cancelled = Cancelled
upload-outcome-ready = Ready
upload-outcome-applied = Recorded
upload-outcome-duplicate = Known already
upload-outcome-conflict = Other amount
upload-outcome-quarantined = For a person
upload-outcome-refused = Wrong
upload-outcome-failed = Not stored
upload-looking = { $done } of { $rows } rows looked at.
upload-recording = { $done } of { $rows } rows recorded. It goes on by itself.
upload-look-again = Look again
upload-lead = Lead
upload-leads-matched =
    { $count ->
        [one] In { $count } row the lead was found by company or e-mail.
       *[other] In { $count } rows the lead was found by company or e-mail.
    }
upload-matched =
    { $count ->
        [one] In { $count } row the customer was found by e-mail or an earlier order.
       *[other] In { $count } rows the customer was found by e-mail or an earlier order.
    }
upload-commit-title = Record the rows
upload-commit-how = Rows that are ready count as if they had been reported one by one. Rows with another amount or an unlikely date go to quarantine. Wrong rows are left out.
upload-commit-leads-how = Each lead takes its steps as if you had moved it by hand, and what a stage is reported as is paid as your plan says. Wrong rows are left out.
upload-commit =
    { $count ->
        [one] Record { $count } row
       *[other] Record { $count } rows
    }
upload-columns-title = What the columns are
upload-columns-how = Your next file with the same columns is read in the same way.
upload-column-none = Not used
upload-field-order-id = Order or lead number
upload-field-type = Type of result
upload-field-occurred-at = When it happened
upload-field-amount = Amount
upload-field-net-amount = Amount without tax
upload-field-currency = Currency
upload-field-quantity = Quantity
upload-field-customer-id = Your customer number
upload-field-email = Customer's e-mail
upload-field-lead-order-id = Earlier order or lead number
upload-field-lead-id = Lead's id
upload-field-click-id = Click
upload-field-code = Partner's code
upload-field-via = Referral code
upload-field-partner = Partner's id
upload-field-company-id = Your company id
upload-field-company-number = Company number (CVR)
upload-field-company-domain = Company's domain
upload-field-stage = Stage
upload-field-reason = Why lost
upload-field-grade = Grade of the lead
upload-field-customer-country = Customer's country
upload-field-customer-source = Customer's source
upload-field-refund-id = Refund number
upload-field-refund-kind = Refund or chargeback
upload-field-correction-id = Correction number
upload-field-departure-id = Departure number
upload-field-left-at = When the customer left
field-upload-decimal = Amounts are written like
field-upload-dates = Dates are written like
field-upload-event = Type of rows without one
field-upload-event-hint = sale, lead, signup or the program's own.
upload-map = Save and look again
upload-preview-title = What would become of the rows
upload-result-title = What became of the rows
upload-csv = Download as CSV
upload-cancel = Cancel this upload
upload-cancel-how = What is recorded stays. The rest is not recorded, and its rows are deleted.
done-upload-mapped = The columns are saved.
done-upload-committed = The rows are being recorded.
done-upload-cancelled = The upload is cancelled.
refusal-amount-too-large = This amount is too large.
refusal-click-id-refused = This click is not one of ours, or too old. Leave it out.
refusal-clicks-are-counted = Clicks are counted here and cannot be uploaded.
refusal-column-required = Say which column this is.
refusal-column-unknown = The file has no such column.
refusal-came-further = The lead had come further before this row. Sort the file by date, the oldest first.
refusal-conflict = The order is known with another amount. It goes to quarantine, or send a correction.
refusal-extra-cells = The row has more cells than the first row. Put texts that contain the sign between columns in quotes.
refusal-field-unknown = These rows cannot have that.
refusal-file-empty = The file has no rows.
refusal-file-old-form = This is an older or protected Excel file. Save it as .xlsx without a password, or as CSV.
refusal-file-too-large = The file is too large. Divide it.
refusal-lead-ambiguous = Several leads are known by this. Add a column with the lead's id.
refusal-nothing-ready = No row of this file would change anything.
refusal-number-malformed = Write a whole number.
refusal-occurred-in-the-future = The date lies ahead. The row goes to quarantine.
refusal-occurred-too-long-ago = The date lies very far back. The row goes to quarantine.
refusal-order-ambiguous = Several results have this number. Add a column with the type.
refusal-order-unknown = No result of this program has this number. Report it first.
refusal-partner-malformed = This is no partner's id. A referral code belongs in its own column.
refusal-quote-open = A quotation mark is opened here and never closed.
refusal-quotes-broken = Too many quotation marks are never closed. Save the file again as CSV.
refusal-row-too-long = The row or one of its cells is too long.
refusal-separator-unknown = Give one sign, like ; or the word tab.
refusal-sheet-unknown = The file has no sheet of that name.
refusal-too-many-columns = The file has more than 200 columns. Leave out what is not needed.
refusal-too-many-rows = The file has more than 1.1 million rows. Divide it.
refusal-too-many-uploads = Many files wait already. Record or cancel some of them.
refusal-twice-in-file = An earlier row of the file has the same order. It counts once.
refusal-upload-changed = The upload has changed meanwhile. Look at it again.
refusal-upload-in-progress = The same file is just being read. Look again in a moment.
refusal-upload-not-checked = The rows have not all been looked at yet.
refusal-upload-settled = The upload is recorded or cancelled already. Send the file again.
refusal-workbook-too-large = The Excel file is too large. Divide it, or save it as CSV.
refusal-workbook-unreadable = The Excel file cannot be read. Save it again, or as CSV.
