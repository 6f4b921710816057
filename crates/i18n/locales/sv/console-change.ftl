# Ändringar, och vad som sägs och erbjuds efteråt.
step-undo = Ångra
step-see-payout = Se nästa utbetalning
step-go-live = Gå live
step-write-plan = Skriv planen
step-invite = Bjud in en partner
step-bank-details = Uppge bankkonto
column-actions = Vad du kan göra
link-switch-off = Stäng av
link-switch-on = Slå på
link-off-effect = Den leder fortfarande till programmet, men inget tjänas på den längre. Bara programmet kan slå på den igen.
link-is-off = Länken är avstängd: den leder till programmet, men inget tjänas på den.
done-link-off = Länken är avstängd. Den leder fortfarande dit, men inget tjänas på den.
done-link-on = Länken är påslagen och ger intäkter igen inom en sekund.
partner-group = Grupp
done-group = Gruppen är ändrad.
done-partner-accepted = Partnern är insläppt och tjänar från och med nu.
done-partner-declined = Ansökan är avslagen.
done-partner-paused = Partnern är pausad. Länkar leder fortfarande till dig; inget nytt tjänas.
done-partner-resumed = Partnern tjänar igen från och med nu.
done-partner-ended = Partnerskapet är avslutat. Det som tjänats betalas fortfarande ut.
reverse = Återför
reverse-question =
    { $count ->
        [one] Återför { $count } provision
       *[other] Återför { $count } provisioner
    }
reverse-effect = { $amount } är inte längre en skuld. Partnern ser skälet du ger. Det går inte att ångra.
reverse-in-payout = { $amount } av det ingår i en utbetalning som är på väg eller betald. Den utbetalningen står kvar; partnern är skyldig beloppet tillbaka, och nästa utbetalning blir så mycket mindre.
reverse-go = Återför { $count }
done-reversed =
    { $count ->
        [one] { $count } provision är återförd.
       *[other] { $count } provisioner är återförda.
    }
adjust-title = Har något ändrats?
refund = Ge pengar tillbaka
correct = Rätta beloppet
refund-effect = Provisioner följer med i samma proportion: det som väntar minskas, och det som betalats dras av på nästa utbetalning.
correct-effect = För ett belopp som rapporterats fel. Det som tjänats på det tas tillbaka, och det rätta beloppets provision bokförs på nytt.
field-refund-kind = Vad hände
field-refund-amount = Belopp som getts tillbaka
refund-rest = { $amount } återstår att ge tillbaka.
refund-whole = Den har inget eget värde, så hela provisionen tas tillbaka.
field-refund-reference = Ert eget nummer på det
field-correct-reference = Ert eget nummer på rättelsen
field-refund-reference-hint = Till exempel kreditnotan. Samma nummer två gånger görs en gång.
field-right-amount = Det rätta beloppet
field-right-net = Därav utan moms och frakt
field-right-net-hint = Bara om planen betalar en del av nettobeloppet.
adjust-look = Se vad som händer
adjust-effect = { $amount } blir kvar av värdet.
adjust-how = Provisionerna ändras så här:
adjust-nobody = Ingen provision ändras.
adjust-before = Nu
adjust-after = Efteråt
adjust-paid = Det som redan betalats dras av på partnerns nästa utbetalning.
adjust-returned = { $amount } har getts tillbaka.
refund-go = Ge tillbaka
correct-go = Rätta
done-refunded = Det har getts tillbaka, och provisionerna har följt med.
done-corrected = Beloppet är rättat, och provisionerna med det.
refusal-program-only = Det kan bara programmet göra.
chart-said = { $total } totalt, mest { $when }: { $most }.
chart-said-before = { $total } totalt, mot { $before } under perioden före. Mest { $when }: { $most }.
bank-since = används sedan
bank-differs = ändrad
bank-changed-by = Begärd av
bank-told = Meddelad till
statement-recovered = Avdraget för det som var skyldigt tillbaka
partner-codes = Koder att dela ut
partner-codes-how = Butiken ger rabatten; ett köp med koden tillskrivs den här partnern.
partner-codes-none = Inga koder än.
partner-code-until = till
partner-code-since = sedan
field-coupon = Ny kod
field-coupon-hint = Som kunderna skriver den, till exempel ANNA10. Den tillhör partnern för alltid.
partner-code-give = Tilldela koden
done-code-given = Koden är tilldelad och ger intäkter från och med nu.
done-code-off = Koden är avstängd. Det som köptes med den tidigare ger fortfarande intäkter.
done-code-on = Koden ger intäkter igen.
approve-in-hold =
    { $count ->
        [one] { $count } av dem är fortfarande inom returtiden, till och med { $date }. Godkänns den nu betalas den ut även om kunden returnerar varan efter betalningsdagen; nästa utbetalning blir då mindre.
       *[other] { $count } av dem är fortfarande inom returtiden, den sista till och med { $date }. Godkänns de nu betalas de ut även om kunder returnerar varor efter betalningsdagen; nästa utbetalning blir då mindre.
    }
depart = Kunden har lämnat
depart-effect = Kräver planen att kunden stannar några månader tas provision för de månader som fattas tillbaka. Av priset ges inget tillbaka genom detta.
field-left-on = Lämnade den
field-depart-reference = Ert eget nummer på uppsägningen
depart-go = Ta tillbaka
done-departed = Det är noterat att kunden har lämnat, och provisionerna har följt med.
