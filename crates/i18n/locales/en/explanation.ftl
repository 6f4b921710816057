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
