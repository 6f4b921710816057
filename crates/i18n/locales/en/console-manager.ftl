### The manager's pages.

nav-overview = Overview
nav-partners = Partners
nav-conversions = Conversions
nav-commissions = Commissions
nav-settings = Settings
nav-switch = { $name }, change program
test-mode-strip = Test mode: nothing here is paid, and all of it is wiped when you go live.
figure-change = { $change } on the period before
waiting-title = Waits for you
waiting-nothing = Nothing waits for you.
waiting-commissions =
    { $count ->
        [one] { $count } commission to decide
       *[other] { $count } commissions to decide
    }
waiting-applications =
    { $count ->
        [one] { $count } partner asks to join
       *[other] { $count } partners ask to join
    }
waiting-held =
    { $count ->
        [one] { $count } conversion needs a look
       *[other] { $count } conversions need a look
    }
waiting-bank-checks =
    { $count ->
        [one] { $count } partner has changed bank details
       *[other] { $count } partners have changed bank details
    }
waiting-payout = Payout on { $date } to look through
overview-top = Partners who brought most
overview-all-partners = All partners
first-steps-title = Three steps to the first commission
first-steps-plan = Decide what you pay for
first-steps-plan-why = A fixed amount or a part of the sale. Partners read it before they join.
first-steps-plan-go = Write the plan
first-steps-track = Connect your shop
first-steps-track-why = One line on your pages, or a call from your server.
first-steps-track-go = Get the line and a key
first-steps-invite = Invite a partner
first-steps-invite-why = They get a link of their own at once.
partners-invite = Invite a partner
partners-empty-title = No partners yet
partners-empty-body = Begin with somebody who already recommends you. Most programs do.
partners-search-hint = Name, e-mail or code
invite-lede = They get a mail with your words, what { $program } pays, and a link to join.
invite-send = Send invitation
field-group = Group
field-group-hint = Plans can pay groups differently.
field-words = Your own words
field-words-hint = Why them? Two sentences do more than a template.
partner-since = Partner since
partner-accept = Let in
partner-accept-effect = Links work and earn at once, and the partner gets a mail.
partner-decline = Decline
partner-decline-effect = The application is closed with a friendly mail. They can apply again.
partner-pause = Pause
partner-pause-effect = Links still lead to your pages, but clicks from now on earn nothing until you resume. What is already earned stays.
partner-resume = Resume
partner-resume-effect = Clicks from now on earn again.
partner-end = End partnership
partner-end-effect = Links go to your fallback page and earn nothing. What is approved is still paid on the next pay day.
partner-commissions = Latest commissions
partner-commissions-none = No commissions yet.
partner-facts = About the partner
partner-link = Link
partner-last-click = Last click
bank-details = Bank details
bank-check-title = Bank details were changed
bank-check-body = Call the partner on a number you already had, and ask whether they did it. No money goes to the new account before you confirm.
bank-check-confirm = Confirm the new account
bank-check-refuse = Keep the old one
bank-next-payout = Would go there next
link-make = Make a link
links-empty-title = No links yet
links-empty-body = Each partner gets a link when they join. You can make more, to any page of yours.
links-search-hint = Partner, link or page
link-begins = The link begins with
link-domains = Allowed:
field-link-path = Link
field-link-path-hint = One or two words with / between, for example anna/crm.
field-destination = Leads to
field-destination-hint = A page on one of your domains. Empty: the landing page.
conversions-empty-title = No conversions yet
conversions-empty-body = They appear within a second of your shop reporting the first one.
conversions-search-hint = Order number or partner
conversion-facts = About the conversion
conversion-credit = Credit
conversion-source = Connection
conversion-by-people = By people here: on a page or in a file
conversion-id = Number
commissions-tab-pending = Waiting
commissions-tab-approved = Approved
commissions-tab-paid = Paid
commissions-tab-declined = Declined
commissions-tab-all = All
commissions-empty-title = Nothing to decide
commissions-empty-body = New commissions land here as soon as a conversion is credited to a partner.
choose-all = Choose all on this page
choose-one = Choose { $partner }, { $amount }
bulk-hint = Tick those you want to decide. You see the sums before anything happens.
bulk-chosen = Chosen:
approve-question =
    { $count ->
        [one] Approve { $count } commission
       *[other] Approve { $count } commissions
    }
approve-effect = You will owe { $amount }.
approve-pay-day = It is paid on { $date }.
approve-undo = Until then you can take it back, with a reason.
approve-go =
    { $count ->
        [one] Approve { $count }
       *[other] Approve { $count }
    }
decline-question =
    { $count ->
        [one] Decline { $count } commission
       *[other] Decline { $count } commissions
    }
decline-effect = { $amount } will not be paid. The partner sees the reason you give.
decline-go = Decline { $count }
decline-reason = Why?
decline-reason-hint = The partner reads it word for word.
decide-skipped =
    { $count ->
        [one] { $count } you chose is already decided and stays as it is.
       *[other] { $count } you chose are already decided and stay as they are.
    }
payouts-next = Next payout
payouts-held-back =
    { $count ->
        [one] { $count } held back
       *[other] { $count } held back
    }
payouts-look = Look it through
payouts-earlier = Earlier payouts
payouts-none = No payouts yet. The first is made on the pay day, when something is approved.
payout-run-title = Payout
payout-approved-by = approved by { $name }
payout-from = from { $account }
payout-approve = Approve { $amount }
payout-approve-effect = Nothing has moved yet. When you approve, the amounts are locked, each partner gets a statement, and you can fetch the file for your bank.
payout-bank-file = File for the bank
payout-mark-sent = The bank has it
payout-file-hash = The file's fingerprint:
payout-lines = Who is paid
payout-held = Held back, and why
payout-nothing-title = Nothing to pay
payout-nothing-body = Approved commissions gather here until the pay day.
held-below-minimum = Below the least amount; carried over
held-no-bank-details = No bank details yet; the partner has been asked
held-bank-check = Changed bank details wait for your look
held-negative = Owes from a return; taken from later commissions
settings-program = Program
settings-plan = Plan
settings-keys = Tracking and keys
settings-where = Where links lead
settings-credit = Who gets credit
settings-money = When money is paid
settings-consent = Consent
field-fallback-url = While the program is paused
field-fallback-url-hint = Links lead here. Empty: the landing page.
field-domains = Allowed domains
field-domains-hint = One per line. Links can lead nowhere else.
field-window = Window
field-window-hint = Days between a click and a conversion it can earn. 30 to 90 is usual.
field-coupon-over-click = A code beats a click
field-coupon-over-click-hint = The partner whose code was used gets the credit.
field-hold = Hold
field-hold-hint = Days before a commission can be approved, for example your return period.
field-approve-after-hold = Approve by itself after the hold
field-approve-after-hold-hint = Otherwise each commission waits for you.
field-payout-minimum = Least amount
field-payout-minimum-hint = Smaller sums are carried over to the next pay day.
field-payout-day = Pay day
field-payout-day-hint = A day of the month, 1 to 28.
field-consent-mode = Visitors' consent
field-consent-mode-hint = Without consent we keep nothing that identifies a visitor.
consent-required = Asked first
consent-not-required = Not asked, on another legal basis
field-consent-basis = Legal basis
field-consent-basis-hint = Needed when no consent is asked. It is kept with every click.
plan-now = In force
plan-version = Version { $version }, since { $date }
plan-order = The first line that fits a conversion decides.
plan-empty-title = No plan yet
plan-empty-body = Conversions are kept, but nothing is owed until a plan says so.
plan-new = A new version
plan-new-how = Earlier conversions keep the version they were decided by.
plan-wrong = The plan cannot be used yet
plan-save = Save new version
field-plan = Plan document
field-plan-from = In force from
field-plan-from-hint = Today or later. Your partners should know first.
plan-ready = Begin with a ready plan
plan-ready-show = Show it
plan-common = Or say what you pay
plan-common-how = Leave empty what you do not pay for.
plan-draft = This is what it would pay
plan-draft-how = Nothing is saved yet. Change it below if you like, then save it.
plan-read = Read it in words
plan-unit-net = % without tax and shipping
plan-unit-gross = % of what is paid
plan-unit-fixed = { $currency } each time
plan-payments-each = Each sale, no renewals
plan-payments-once = The customer's first only
plan-payments-months = All for some months
plan-payments-life = All, for as long as they come
field-plan-ready = Ready plan
field-plan-sale = For a sale
field-plan-unit = Counted in
field-plan-payments = Which payments
field-plan-months = How many months
field-plan-step-from = From sale number
field-plan-step-from-hint = Counted anew each month.
field-plan-step = For each from there
field-plan-lead = For a lead
field-plan-qualified-lead = For a qualified lead
ready-hubspot = 100% of the first month or 15% for a year, as the partner likes
ready-shopify = A fixed amount for each new customer
ready-ahrefs = 20% for 24 months
ready-convertkit = 30% for 24 months
ready-b2b-leads = Qualified leads, by grade
ready-b2b-first-year = 20% of the first year, at once
ready-b2b-one-time = 10% of each sale
ready-b2b-recurring = 15% for two years
ready-b2b-life = 10% for as long as the customer pays
ready-b2b-hybrid = Something for the lead, more for the customer
ready-b2b-tiers = 20, 25 and 30% by sales of the month
ready-contest = 20% for 24 months, and a contest
key-fresh-title = Copy the key now
key-fresh-body = We keep only its fingerprint and cannot show it again.
key-track-title = The line for your pages
key-track-body = Put it in the head of every page a partner can lead to. It sets a cookie only after consent.
key-public = The program's public key:
key-program = Your server names the program as
keys-title = Keys for your servers
keys-none = No keys yet. A server needs one to report conversions.
key-make = Make a key
key-revoke = Revoke
key-revoke-effect = Whatever uses this key stops at once. A new key can be made, but not this one again.
field-key-name = What is it for?
field-key-name-hint = For example the name of the shop.
field-key-scope = It may
scope-report = Report conversions
scope-read = Read
scope-manage = Change partners and links
what-if-title = What if
what-if-how = The conversions of a period under another plan, beside what they have earned. Nothing is saved.
what-if-try = Try it on your conversions
what-if-run = Show what it would cost
what-if-from = First day
what-if-until = Last day
what-if-conversion = Explain one conversion
what-if-conversion-hint = Its id, which begins with conv_. It may be left empty.
what-if-cost = What it would cost
what-if-now = As it was
what-if-then = With this plan
what-if-difference = Difference
what-if-per-customer = For each of { $count ->
    [one] one new customer
   *[other] { $count } new customers
}
what-if-paid = Conversions paid for
what-if-winners = { $count ->
    [one] One partner earns more
   *[other] { $count } partners earn more
}
what-if-losers = { $count ->
    [one] one earns less
   *[other] { $count } earn less
}
what-if-left-out = { $count ->
    [one] One conversion is left out: it lacks something that this plan needs, or waits for you.
   *[other] { $count } conversions are left out: they lack something that this plan needs, or wait for you.
}
what-if-partners = Partners whose pay changes most
what-if-one = One conversion under both
what-if-nothing = There are no conversions in this period.
what-if-pays-nothing = It pays nothing.
settings-attribution = Credit
attribution-now = In force
attribution-model = How credit is given
attribution-windows = How long a touch counts
attribution-precedence = What goes first
attribution-channels = Other channels
attribution-when = From when
attribution-save = Save
attribution-versions = Versions
attribution-from = From
attribution-from-begin = From the beginning
example-title = The same journey under each model
example-how = Three partners and an advertisement before a purchase. The lead came 5 days before, the opportunity an hour before.
example-advertisement = Search ad
example-days-before =
    { $days ->
        [one] { $days } day before
       *[other] { $days } days before
    }
unit-window-days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
field-model = Model
field-model-hint = The list above shows what each one does.
field-half-life = Half-life
field-half-life-hint = For "Younger counts more".
field-u = Weights: first / between / last
field-u-hint = For "First and last". Only their proportions matter.
field-w = Weights: first / lead / opportunity / others
field-w-hint = For "First, lead and opportunity".
field-floor = Floor for partners
field-floor-hint = For "Partners first": what they get together at least.
field-floor-base = Divided before the floor by
field-click-window = Window of clicks
field-coupon-window = Window of codes
field-windows = Other windows
field-windows-hint = One per line: event (or *), kind of touch, days. For example: qualified_lead click 120
field-precedence = Codes and clicks
precedence-coupon = A code beats a click
precedence-click = A click beats a code
precedence-alike = Both count alike
field-customer-stays = Customers stay with their partners
field-customer-stays-hint = Later payments are divided as the first was, whatever was clicked since.
field-registration-first = A registered lead goes first
field-registration-first-hint = Before codes and clicks.
attribution-people = People
field-people = Whose touches count
field-people-hint = A purchase between companies is read about by one and signed by another. People are known by the mail address they were reported with, companies by your id, their number or the domain of their mail; public mail joins nobody.
people-customer = The customer’s own
people-person = Also those of the same person under another id
people-company = Also those of everybody in the company
field-against = Who competes with partners
field-against-hint = What a competing channel earns is paid to nobody.
against-nobody = Nobody
against-listed = The channels below
against-every-channel = Every channel but direct visits
field-channels = Channels
field-channels-hint = One per line, as your reports name them: paid_search, paid_social, email, other_network.
field-attribution-from-hint = Today means from now on. An earlier day decides anew what is still pending; what was approved or paid stays.
conversion-credit-nobody = Other channels: paid to nobody
journeys-title = Journeys
journeys-sub = The ways that led to conversions, as they were decided
journeys-show = Show
journeys-none-title = No conversions in these days
journeys-none-body = Choose other days.
journeys-truncated = There were more; the first { $count } are shown. Choose fewer days.
journeys-who = Who earned, and who would have
journeys-who-how = Credit in conversions: as it was decided, and under each model on the same touches.
journeys-paths = Commonest ways
journeys-length = How long
journeys-days = Half took at most { $median } days from the first touch, nine of ten at most { $decile }.
column-touched = Touched
column-assists = Assists
column-decided = Credit
column-what-if = Would be
column-path = Way
path-none = No touch known
length-touches =
    { $count ->
        [0] No touch
        [one] { $count } touch
       *[other] { $count } touches
    }
length-or-more = { $count } touches or more
what-if-model = What if the model were
what-if-own = As it is
what-if-window = And the window
what-if-hint = Tried on what was known then. Nothing is changed.
what-if-changed =
    { $changed ->
        [one] { $changed } of { $count } conversions would have been credited otherwise. Nothing has been changed.
       *[other] { $changed } of { $count } conversions would have been credited otherwise. Nothing has been changed.
    }
models-title = Under every model
models-how = The same touches and settings. The model that decided is in bold.
changed-title = Decided anew
changed-on = On { $date }, before by "{ $model }"
credit-change-from-to = { $partner }: { $before } became { $after }
cause-touches-added = A touch came late
cause-touches-removed = A touch is gone
cause-touches-changed = A touch is known otherwise
cause-stages-changed = Lead or opportunity moved
cause-model-changed = Another model
cause-window-changed = Another window
cause-rules-changed = Other rules
credit-change-title = The credit would be another now
credit-change-body = Money of it was agreed to, so nothing has moved. When you confirm, what is paid otherwise is taken back and owed anew.
credit-change-confirm = Confirm the change
credit-change-dismiss = Leave it as it is
credit-changes-title = Changes that wait for you
credit-change-look = Look at it
