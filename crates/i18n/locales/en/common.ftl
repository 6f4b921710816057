### Words that every page uses.

skip-to-content = Skip to content
log-in = Log in
log-out = Log out
or = or
save = Save
cancel = Cancel
approve = Approve
decline = Decline
copy = Copy
copied = Copied
share = Share
print = Print
see-all = See all
never = Never
total = Total
unit-days = days
day-today = today
day-tomorrow = tomorrow
day-yesterday = yesterday
day-in =
    { $count ->
        [one] in { $count } day
       *[other] in { $count } days
    }
day-ago =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
count-clicks =
    { $count ->
        [one] { $count } click
       *[other] { $count } clicks
    }
count-conversions =
    { $count ->
        [one] { $count } conversion
       *[other] { $count } conversions
    }
count-commissions =
    { $count ->
        [one] { $count } commission
       *[other] { $count } commissions
    }
count-partners =
    { $count ->
        [one] { $count } partner
       *[other] { $count } partners
    }
nav-label = Main menu
nav-menu = Menu
nav-links = Links
nav-payouts = Payouts
nav-waiting =
    { $count ->
        [one] { $count } waits
       *[other] { $count } wait
    }
metric-clicks = Clicks
metric-clicks-30 = Clicks in 30 days
metric-unique = Unique clicks
metric-conversions = Conversions
metric-conversions-30 = Conversions in 30 days
metric-commission = Commission
metric-revenue = Sales
metric-waiting = Waiting
metric-approved = Approved, not yet paid
metric-paid = Paid in all
metric-declined-30 = Declined in 30 days
metric-earned = Earned
commission-pending = Waiting
commission-approved = Approved
commission-payable = Being paid
commission-paid = Paid
commission-declined = Declined
commission-reversed = Taken back
commission-test = Test
conversion-credited = Credited
conversion-not-credited = No partner
conversion-held = Needs a look
conversion-partly-refunded = Partly refunded
conversion-refunded = Refunded
partner-invited = Invited
partner-applied = Asks to join
partner-active = Active
partner-paused = Paused
partner-ended = Ended
partner-declined = Declined
link-active = In use
link-off = Off
run-preview = Preview
run-approved = Approved
run-sent = Sent to the bank
payout-planned = Planned
payout-sent = Sent
payout-returned = Returned by the bank
bank-confirmed = In use
bank-held = Being checked
bank-missing = Missing
column-amount = Amount
column-day = Day
column-when = When
column-what = What
column-why = Why
column-state = State
column-partner = Partner
column-program = Program
column-link = Link
column-trend = Trend
column-value = Value
column-hold = Held until
column-pay-day = Pay day
column-account = Account
column-commission-30 = Commission in 30 days
column-key = Key
column-scopes = May
column-last-used = Last used
column-expires = Works until
overview-figures = Key numbers
filter-search = Search
filter-state = State
filter-all = All
filter-from = From
filter-until = Until
filter-period = Period
filter-last-days =
    { $count ->
        [one] Last { $count } day
       *[other] Last { $count } days
    }
filter-apply = Show
filter-clear = Clear
filter-nothing-title = Nothing found
filter-nothing-body = Nothing matches this search. Try fewer words or another state.
pager-label = Pages
pager-of = { $shown } of { $total }
pager-shown = { $shown } shown
pager-newer = Newer
pager-older = Older
chart-now = This period
chart-previous = The period before
chart-show-table = Show the numbers
chart-day = Day
chart-month = Month
field-optional = optional
field-email = E-mail
field-password = Password
field-password-new = Password
field-password-hint = At least 8 characters. A few words are both long and easy to remember.
field-your-name = Your name
field-organisation = Organisation
field-partner-name = Name
field-program = Program
field-program-name = Name of the program
field-program-name-hint = Partners see it.
field-landing-url = Landing page
field-landing-url-hint = Links lead here when they name no other page.
field-currency = Currency
field-time-zone = Time zone
field-time-zone-hint = Days and months begin by its clock, for example Europe/Copenhagen.
field-language = Language
field-code-six = Code of 6 digits
field-link-code = Name in links
field-link-code-hint = Letters, digits, - and _. For example anna.
field-terms = I agree to be paid as shown here
log-in-title = Log in
log-in-refused = E-mail and password do not match. Try again, or have a code sent to you.
log-in-by-mail = Log in with a code by mail
log-in-by-mail-hint = No password needed.
log-in-by-mail-how = Write your e-mail, and we send you a code of 6 digits. It also works when you are inside another app.
log-in-by-password = Use a password instead
send-code = Send the code
send-code-again = Send a new code
log-in-code-title = Type the code
log-in-code-sent = We have sent it to { $email }.
log-in-code-expires =
    { $minutes ->
        [one] It works for { $minutes } minute.
       *[other] It works for { $minutes } minutes.
    }
log-in-code-development = No mail leaves this installation yet. The code is
set-up-title = Set up Tributary
set-up-lede = Two short answers, and you can invite your first partner.
set-up-you = You and your organisation
set-up-program = Your first program
set-up-go = Create program
set-up-later = All but the currency can be changed later.
invitation-title = Become a partner of { $program }
invitation-lede = { $manager } from { $advertiser } invites you.
invitation-lede-advertiser = { $advertiser } invites you.
invitation-earns = What you earn
invitation-accept = Become a partner
error-not-found-title = There is nothing here
error-not-found-body = The address may be mistyped, or the page has moved.
error-forbidden-title = You do not have access to this
error-forbidden-body = Ask an administrator of the program if you need it.
error-fault-title = Something went wrong on our side
error-fault-body = Nothing you sent was half saved. Try again in a moment.
error-reference = If you ask for help, quote
error-home = To the front page
design-title = Parts of Tributary
design-lede = Every part with its states, in the language chosen above.
design-colours = Colours
design-type = Type
design-specimen = Many small streams join one river: 1,234,567.89
design-amounts = Amounts and days
design-states = States
design-buttons = Buttons and dialogs
design-dialog = Open a dialog
design-fields = Fields
design-notices = Notices
design-lists = Lists
design-charts = Charts
design-explanation = Explanation
design-pictures = Mark and code
