# Changes, and what is said and offered after them.
step-undo = Undo
step-see-payout = See the next payout
step-go-live = Go live
step-write-plan = Write the plan
step-invite = Invite a partner
step-bank-details = Give bank details
column-actions = What can be done
link-switch-off = Switch off
link-switch-on = Switch on
link-off-effect = It still leads to the program, but nothing is earned by it any more. Only the program can switch it on again.
link-is-off = This link is switched off: it leads to the program, but nothing is earned by it.
done-link-off = The link is switched off. It still leads there, but nothing is earned by it.
done-link-on = The link is switched on and earns again within a second.
partner-group = Group
done-group = The group is changed.
done-partner-accepted = The partner is let in and earns from now on.
done-partner-declined = The application is declined.
done-partner-paused = The partner is paused. Links still lead to you; nothing new is earned.
done-partner-resumed = The partner earns again from now on.
done-partner-ended = The partnership is ended. What was earned is still paid.
reverse = Take the amount back
reverse-question =
    { $count ->
        [one] Take back { $count } commission
       *[other] Take back { $count } commissions
    }
reverse-effect = { $amount } is no longer owed. The partner sees the reason you give. This cannot be undone.
reverse-in-payout = { $amount } of it is in a payout that is on its way or paid. That payout stays as it is; the partner owes the amount back, and the next payout is smaller by it.
reverse-go = Take back { $count }
done-reversed =
    { $count ->
        [one] { $count } commission is taken back.
       *[other] { $count } commissions are taken back.
    }
adjust-title = Has something changed?
refund = Give money back
correct = Put the amount right
refund-effect = Commissions follow in proportion: what waits is reduced, what was paid is taken off the next payout.
correct-effect = For an amount that was reported wrongly. What it has earned is taken back, and what the right amount earns is booked anew.
field-refund-kind = What happened
field-refund-amount = Amount given back
refund-rest = { $amount } is left to give back.
refund-whole = This has no value of its own, so all of its commission is taken back.
field-refund-reference = Your own number of it
field-correct-reference = Your own number of the correction
field-refund-reference-hint = For example the credit note. The same number twice is done once.
field-right-amount = The right amount
field-right-net = Of that without tax and shipping
field-right-net-hint = Only if your plan pays a part of the net amount.
adjust-look = See what it will do
adjust-effect = { $amount } will be left of its value.
adjust-how = Commissions change like this:
adjust-nobody = No commission changes.
adjust-before = Now
adjust-after = Afterwards
adjust-paid = What has been paid already is taken off the partner's next payout.
adjust-returned = { $amount } was given back.
refund-go = Give it back
correct-go = Put it right
done-refunded = It is given back, and the commissions have followed.
done-corrected = The amount is put right, and the commissions with it.
refusal-program-only = Only the program can do this.
chart-said = { $total } in all; the most, { $most }: { $when }.
chart-said-before = { $total } in all, against { $before } in the period before; the most, { $most }: { $when }.
bank-since = in use since
bank-differs = changed
bank-changed-by = Asked for by
bank-told = Announced to
statement-recovered = Taken off for what was owed back
partner-codes = Codes to hand out
partner-codes-how = The shop gives the discount; a purchase with the code is credited to this partner.
partner-codes-none = No codes yet.
partner-code-until = until
partner-code-since = since
field-coupon = New code
field-coupon-hint = As customers type it, for example ANNA10. It belongs to this partner for ever.
partner-code-give = Give the code
done-code-given = The code is given and earns from now on.
done-code-off = The code is switched off. What was bought with it before still earns.
done-code-on = The code earns again.
approve-in-hold =
    { $count ->
        [one] { $count } of them is still in its return period, until { $date }. Approved now, it is paid even if the customer sends the goods back after the pay day; the next payout is then smaller.
       *[other] { $count } of them are still in their return period, the last until { $date }. Approved now, they are paid even if customers send goods back after the pay day; the next payout is then smaller.
    }
depart = The customer has left
depart-effect = Where the plan asks the customer to stay for some months, commission of the months that are missing is taken back. Nothing of the price is given back by this.
field-left-on = Left on
field-depart-reference = Your own number of the cancellation
depart-go = Take it back
done-departed = The departure is noted, and the commissions have followed.
