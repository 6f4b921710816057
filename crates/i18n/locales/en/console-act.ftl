### What pages say about acts: what they do, what was done, and why not.

seat-change = Work for { $name }
log-in-link-how = You have opened the link from our mail. One more press and you are in.
program-new-title = A new program
field-country = Country
field-country-hint = Two letters, for example DK.
waiting-quarantined =
    { $count ->
        [one] { $count } report could not be used
       *[other] { $count } reports could not be used
    }
conversion-declined = Declined
explanation-times =
    { $count ->
        [one] { $count } time
       *[other] { $count } times
    }
reason-click-decides = A click decides here, and there was one.
reason-assigned = The customer belonged to a partner already, and stays theirs.
reason-after-conversion = It came after the purchase.
reason-not-used = The program does not keep customers with their partner.
reason-unrecorded = We have no record of the click; a person looks first.
reason-rejected = A person has looked, and it does not count.
reason-not-first = Only the customer's first one is paid.
reason-months-over = The months in which this customer earns are over.
reason-earlier-rule = An earlier line of the plan decided.
reason-closer-rule = A line for this partner, its group or the campaign pays instead.
reason-better-rule = Another line of the plan pays more.
reason-other-scope = This line is for another partner, group or campaign.
reason-other-option = This line is for partners who chose another option.
reason-condition = A condition of this line is not met.
reason-subscription-ended = The customer had cancelled and come back; this line then pays no more.
reason-once-already = It was paid for this company or customer already.
reason-customers-full = This line pays the first { $of } customers, and there were as many already.
reason-cap-reached = The limit of this line or plan was used up.
explanation-items = { $lines } of the order’s { $of } lines count
explanation-tier = Step { $step } of the scale
explanation-piece = { $rate } of this part
explanation-month = One of the { $of } months paid for
explanation-year = A year of such payments
explanation-bounded = Brought to the line’s minimum or maximum
explanation-capped = What the limit left of it
reason-nothing = It came to less than the smallest amount there is.
reason-no-plan = The program had no plan at the time.
reason-nobody = No partner had credit for it.
settle-title = This conversion waits for you
settle-body = It names a click from a moment when clicks were being lost, so we cannot prove it. Does it count?
settle-accept = It counts
settle-reject = It does not count
field-paused = Paused
field-paused-hint = Links still lead somewhere, but clicks from now on earn nothing.
plan-unusual = The plan can be used, but look at this first
plan-save-unusual = Save it as it is
settings-account = Account
go-live = Go live
go-live-effect = All conversions and commissions of test mode are deleted. From then on amounts are real and are paid. There is no way back to test mode.
scope-postback = Report by address (postback)
take-back = Take back approval
take-back-question =
    { $count ->
        [one] Take back the approval of { $count } commission
       *[other] Take back the approval of { $count } commissions
    }
take-back-effect = { $amount } waits for a decision again.
take-back-go = Take back { $count }
invite-again = Send the invitation again
decline-fraud = Fraud
decline-mistake = Booked in error
decline-other = Another reason; ask the program
decline-refund = The customer got the money back
decline-chargeback = The customer's bank took the money back
decline-left-early = The customer left early
event-click = Click
event-sale = Sale
event-renewal = Renewal
event-upgrade = Upgrade
event-subscription = Subscription
event-lead = Lead
event-qualified-lead = Qualified lead
event-signup = Sign-up
event-trial = Trial
event-demo = Demo
event-meeting = Meeting
rule-once = the customer's first only
rule-months =
    { $count ->
        [one] for { $count } month
       *[other] for { $count } months
    }
rule-payments =
    { $count ->
        [one] for { $count } payment
       *[other] for { $count } payments
    }
rule-life = as long as the customer pays
rule-of-net = of the net amount
rule-of-margin = of the margin
rule-of-contracted = of the first year's value as agreed
rule-of-expected = of what a year of such payments comes to
rule-of-increase = of what the payment has grown by
rule-of-one-month = of one month of the payment
rule-when = if { $condition }
rule-group = for the group { $group }
rule-and = and
rule-or = or
rule-more = and further terms of the plan
rule-contains = contains
rule-starts = begins with
rule-ends = ends with
rule-multiple-of = is a multiple of
rule-amount = { $amount }
rule-day = { $date }
rule-cap = at most { $amount } { $of ->
        [order] per order
        [customer] per customer
        [program] in all
       *[partner] per partner
    } { $per ->
        [day] and day
        [month] and month
        [quarter] and quarter
        [year] and year
       *[life] {""}
    }
rule-per-item = for each item
rule-grade = grade { $grade }
rule-from-month = from month { $month }
rule-from-count =
    { $per ->
        [day] from number { $from } in a day
        [month] from number { $from } in a month
        [quarter] from number { $from } in a quarter
        [year] from number { $from } in a year
       *[life] from number { $from } on
    }
rule-from-revenue =
    { $per ->
        [day] above { $from } of sales in a day
        [month] above { $from } of sales in a month
        [quarter] above { $from } of sales in a quarter
        [year] above { $from } of sales in a year
       *[life] above { $from } of sales in all
    }
rule-from-commission =
    { $per ->
        [day] above { $from } of commission in a day
        [month] above { $from } of commission in a month
        [quarter] above { $from } of commission in a quarter
        [year] above { $from } of commission in a year
       *[life] above { $from } of commission in all
    }
done-program-made = The program is made. It is in test mode until you go live.
done-invited = The invitation is sent.
done-link-made = The link is made and works within a second.
done-settled = It is decided.
done-bank-confirmed = The new account is in use from now on.
done-bank-refused = The new account is refused.
done-approved =
    { $count ->
        [one] { $count } commission is approved.
       *[other] { $count } commissions are approved.
    }
done-declined =
    { $count ->
        [one] { $count } commission is declined.
       *[other] { $count } commissions are declined.
    }
done-taken-back =
    { $count ->
        [one] { $count } commission waits again.
       *[other] { $count } commissions wait again.
    }
done-saved = Saved.
done-live = The program is live. Amounts are real from now on.
done-plan = The plan is saved.
done-revoked = The key is revoked.
done-joined = You are a partner now.
refusal-log-in-stale = The link has been used or is over. Ask for a new one.
refusal-mail-not-taken = The mail could not be sent. Try again in a while.
refusal-nothing-chosen = Tick those you want to decide first.
refusal-second-person = You gave this account yourself. Somebody else has to look at it.
refusal-selection-changed = Something has changed meanwhile. Look at the numbers once more.
refusal-whole-number = Write a whole number.
refusal-amount-malformed = Write an amount like 500.00.
refusal-day-malformed = Choose a day.
refusal-unknown-currency = Choose a currency.
refusal-country-malformed = Write two letters, like DK.
refusal-over-sale = This line pays more than the sale.
refusal-unreachable = An earlier line always decides, so this one never pays.
refusal-before-newest = A later version is planned already. Choose its day or a later one.
held-nothing-due = Earned and owed back are equal
held-test = The program is in test mode
held-account-kind = The bank file cannot pay to an account of that kind
held-full = The run is full; the next one takes it
run-paid = Paid
run-cancelled = Cancelled
payout-paid = Paid
payout-cancelled = Cancelled
payout-give-account = Say which account pays
payout-no-account = Before you can approve, say from which account the bank is to pay.
payout-by-hand = No bank file pays this currency. Pay by hand from the table, then mark the run.
payout-table = Table (CSV)
payout-mark-paid = The bank has paid
payout-cancel = Cancel the payout
payout-cancel-effect = Every amount in it is approved again and goes into the next payout. Do not send its file to the bank.
payout-note-return = Note a return…
payout-came-back = It came back
payout-came-back-effect = Its commissions are approved again, and the partner's bank details wait for a look.
payer-title = Payouts in { $currency } leave from
payer-none = No account yet. The first payout needs one.
payer-how = It stands in the file for your bank. Nothing is taken from it by us.
payer-by-hand = No bank file pays { $currency }. Payouts are made by hand from a table.
bank-kind-bankgiro = Bankgiro
field-street = Street and number
field-post-code = Post code
field-town = Town
field-bic = BIC of the bank
field-bic-hint = Only if your bank asks for it in files.
field-number-at-bank = Your number at the bank
field-number-at-bank-hint = Agreement or organisation number, if the bank gave you one.
proof-mail-later = When you save, we mail you a code to make sure that it is you.
proof-code-sent = We have mailed you a code. Type it here to save the account.
waits-owed-back = Goes against what is owed back from returns
waits-bank = On its way through the bank
quarantine-title = Reports that could not be used
quarantine-how = Nothing is lost: each is kept as it came, until you report it again or put it away.
quarantine-empty-title = Nothing waits
quarantine-empty-body = Every report could be used as it came.
quarantine-conflict = It contradicts what was reported before
quarantine-future = Its date has not come yet
quarantine-old = Its date is more than 400 days back
quarantine-other = It needs a look
quarantine-day = The right day
quarantine-replay = Report again
quarantine-dismiss = Put away
done-replayed = It is reported and decided.
done-duplicate = It was known already, and nothing more is paid.
done-dismissed = It is put away.
done-run-approved = The payout is approved. Fetch the file for your bank.
done-run-sent = Noted: the bank has it.
done-run-paid = Noted: the bank has paid.
done-run-cancelled = The payout is cancelled; its amounts are approved again.
done-payout-returned = Noted: it came back. The amount goes into the next payout.
done-bank-held = Saved. Somebody looks at the change before money goes there.
refusal-still-unusable = It still cannot be used, and goes on waiting.
refusal-replay-conflicts = It contradicts a conversion. Put that one right, or put this one away.
refusal-run-changed = Something has changed since you looked. Look it through once more.
refusal-nothing-to-pay = There is nothing to pay.
refusal-payer-account-missing = Say first from which account the bank is to pay.
refusal-no-bank-file = There is no bank file; pay from the table.
refusal-account-cannot-pay = No bank file pays this currency from an account of that kind.
refusal-wrong-state = That is not possible from where it stands now.
refusal-zone-fixed = The time zone of a live program cannot be changed.
refusal-unknown-partnership = There is no such partner here.
refusal-control-character = Use ordinary letters on one line.
refusal-bank-file-refused = The bank file could not be made. Look over the account that pays.
refusal-too-many-commissions = There are too many commissions for one payout. Pay in several.
refusal-language-unknown = Choose a language.
refusal-url-length = That address is too long.
refusal-url-characters = Write an ordinary web address.
refusal-url-scheme = Write a whole address that begins with https://.
refusal-url-credentials = Leave out user name and password.
refusal-url-host = Write a domain, not a number.
refusal-registration-digits = A Danish registration number has 4 digits.
refusal-account-digits = This is no account number.
refusal-bankgiro-digits = A bankgiro number has 7 or 8 digits.
refusal-bankgiro-check-digit = The check digit does not fit. Look it over once more.
refusal-bic-form = A BIC has 8 or 11 letters and digits.
refusal-clearing-digits = A clearing number has 4 or 5 digits.
refusal-name = Give a name of 1 to 120 characters.
refusal-wrong-length = Too few or too many here.
refusal-percent-of-click = A click has no value to take a part of.
refusal-click-per-item = A click is always paid one by one.
refusal-recurring-click = A click does not recur.
refusal-iban-missing = Write the IBAN.
refusal-iban-characters = An IBAN has letters and digits only.
refusal-iban-country = No country has IBANs that begin so.
refusal-iban-length = That is not the length of an IBAN of that country.
refusal-iban-check-digits = The check digits do not fit. Look it over once more.
refusal-clearing-check-digit = The check digit does not fit. Look it over once more.
refusal-ambiguous = Give one of the two, not both.
refusal-currency-unknown = There is no such currency.
refusal-unknown-field = The plan has no such field.
refusal-unknown-value = That is none of the possible values.
channel-customer = as their customer
waits-account-kind = Waits for an account of yours that can be paid in { $currency }
done-attribution = How credit is given is saved.
done-credit-change = The change is booked.
done-credit-kept = It stays as it was.
