### Why an amount is what it is.

explanation-rule = By the line "{ $name }" of the plan, version { $version }
explanation-base = Value that counts
explanation-percent = { $rate } of it
explanation-fixed = Fixed amount
explanation-payment = The customer's payment number { $number }
explanation-payment-of = The customer's payment { $number } of { $of } that earn
explanation-credit = Share of the credit: { $share }
explanation-exchange = { $amount } at the rate { $rate } of { $date }
explanation-rounded = Rounded once, at the end
explanation-returned = Taken back for the part that was returned
explanation-left-early = Taken back because the customer left early
explanation-clawback-missing =
    { $count ->
        [one] If the customer leaves within a month, the part that is missing is taken back
       *[other] If the customer leaves within { $count } months, the months that are missing are taken back
    }
explanation-clawback-all =
    { $count ->
        [one] If the customer leaves within a month, all of it is taken back
       *[other] If the customer leaves within { $count } months, all of it is taken back
    }
explanation-result = Commission
streams-described = { $total }. { $parts }
streams-nothing = earned nothing
streams-commission-of-sale = Commission in all
not-paid-title = What was not paid, and why
journey-title = The way to the purchase
journey-none = No partner touched this customer within the window.
journey-window =
    { $days ->
        [one] Touches within { $days } day before the purchase can earn.
       *[other] Touches within { $days } days before the purchase can earn.
    }
journey-window-from = Here that is from { $date }.
channel-link = by link
channel-code = with code
another-partner = Another partner
channel-other = other channel
reason-outside-window =
    { $days ->
        [one] { $days } day before the purchase; the window is { $window }.
       *[other] { $days } days before the purchase; the window is { $window }.
    }
reason-no-consent = The visitor did not consent, so the touch was kept for a day only.
touch-other-person = By a colleague of the customer, or under another id
reason-not-last = A later partner touch decided.
reason-code-decides = A code used at the purchase decided.
reason-not-a-partner = Not a partner's channel.
reason-not-active = The partnership was not active then.
reason-not-a-person = A machine or a preview, not a person.
reason-no-rule = The plan pays nothing for this kind of event.
reason-payments-over =
    { $of ->
        [one] The plan pays for { $of } payment of a customer, and that is past.
       *[other] The plan pays for { $of } payments of a customer, and they are past.
    }
reason-test = From test mode.
reason-duplicate = The same purchase was reported before.
reason-returned = The purchase was returned.
decline-returned = The order was returned or cancelled
decline-not-qualified = The lead does not meet the criteria
decline-duplicate = Reported twice
decline-own-purchase = The partner's own purchase
decline-terms = Against the program's terms
reason-not-earliest = An earlier touch decided: here the first one counts.
reason-channel-decides = A channel that is not a partner's decided.
reason-paid-to-nobody = Not a partner's channel. Its part is paid to nobody.
reason-no-share = It took part, but the model gives its place nothing.
reason-waits-for-other = Waits until somebody has looked at another touch of this journey.
reason-repeated = The same as a touch just before it.
reason-direct = A direct visit names nobody.
reason-registration-decides = A registered lead goes first here.
reason-stronger-decides = It was only seen; something stronger counts.
journey-model = Decided by the model "{ $model }".
model-last-partner-click = Last partner click
model-last-partner-click-how = All to the last touch of a partner. Other channels are passed over, unless they compete.
model-last-click = Last click of any channel
model-last-click-how = All to the very last touch, a direct visit included. If that was not a partner's, no partner is paid.
model-last-non-direct = Last click but direct visits
model-last-non-direct-how = All to the last touch of any channel, direct visits passed over.
model-first-touch = First touch
model-first-touch-how = All to the touch that began the journey.
model-linear-touches = Every touch the same
model-linear-touches-how = Each touch gets the same part.
model-linear-distinct = Every partner the same
model-linear-distinct-how = Each partner gets the same part, however many touches it had.
model-time-decay = Younger counts more
model-time-decay-how = A touch loses half its weight with every half-life that passes.
model-position-u = First and last
model-position-u-how = Most to the first and the last touch; those between share the rest.
model-position-w = First, lead and opportunity
model-position-w-how = Most to the first touch, the one that made the lead and the one that made the opportunity; the others share the rest.
model-partner-first = Partners first, with a floor
model-partner-first-how = Partners and other channels share it, but the partners together get at least the floor.
model-weights-table = By a published table
model-weights-table-how = Each partner counts as much as a published table of weights says.
