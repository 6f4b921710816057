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
reason-assigned = The customer belongs to another partner already.
reason-after-conversion = It came after the purchase.
reason-not-used = The program does not keep customers with their partner.
reason-unrecorded = We have no record of the click; a person looks first.
reason-rejected = A person has looked, and it does not count.
reason-not-first = Only the customer's first one is paid.
reason-months-over = The months in which this customer earns are over.
reason-earlier-rule = An earlier line of the plan decided.
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
rule-life = as long as the customer pays
rule-per-item = for each item
done-program-made = The program is made. It is in test mode until you go live.
done-invited = The invitation is sent.
done-link-made = The link is made and works within a second.
done-settled = It is decided.
done-status = The partnership is changed.
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
