# Ændringer, og hvad der siges og tilbydes bagefter.
step-undo = Fortryd
step-see-payout = Se den næste udbetaling
step-go-live = Gå i drift
step-write-plan = Skriv planen
step-invite = Inviter en partner
step-bank-details = Oplys bankkonto
column-actions = Hvad du kan gøre
link-switch-off = Slå fra
link-switch-on = Slå til
link-off-effect = Det fører stadig til programmet, men der tjenes ikke længere på det. Kun programmet kan slå det til igen.
link-is-off = Linket er slået fra: det fører til programmet, men der tjenes ikke på det.
done-link-off = Linket er slået fra. Det fører stadig derhen, men der tjenes ikke på det.
done-link-on = Linket er slået til og tjener igen inden for et sekund.
partner-group = Gruppe
done-group = Gruppen er ændret.
done-partner-accepted = Partneren er lukket ind og tjener fra nu af.
done-partner-declined = Ansøgningen er afvist.
done-partner-paused = Partneren er sat på pause. Links fører stadig til dig; der tjenes ikke noget nyt.
done-partner-resumed = Partneren tjener igen fra nu af.
done-partner-ended = Partnerskabet er afsluttet. Det tjente bliver stadig udbetalt.
reverse = Tilbagefør
reverse-question =
    { $count ->
        [one] Tilbagefør { $count } kommission
       *[other] Tilbagefør { $count } kommissioner
    }
reverse-effect = { $amount } skyldes ikke længere. Partneren ser den grund, du giver. Det kan ikke fortrydes.
reverse-in-payout = { $amount } af det er i en udbetaling, der er på vej eller betalt. Den udbetaling bliver, som den er; partneren skylder beløbet tilbage, og den næste udbetaling bliver så meget mindre.
reverse-go = Tilbagefør { $count }
done-reversed =
    { $count ->
        [one] { $count } kommission er tilbageført.
       *[other] { $count } kommissioner er tilbageført.
    }
adjust-title = Har noget ændret sig?
refund = Giv penge tilbage
correct = Ret beløbet
refund-effect = Kommissioner følger med i samme forhold: det ventende bliver mindre, og det betalte trækkes fra den næste udbetaling.
correct-effect = Til et beløb, der er indberettet forkert. Det, der er tjent på det, trækkes tilbage, og det rigtige beløbs kommission bogføres på ny.
field-refund-kind = Hvad skete der
field-refund-amount = Beløb givet tilbage
refund-rest = Der er { $amount } tilbage at give tilbage.
refund-whole = Den har ingen værdi i sig selv, så hele kommissionen trækkes tilbage.
field-refund-reference = Dit eget nummer på det
field-correct-reference = Dit eget nummer på rettelsen
field-refund-reference-hint = For eksempel kreditnotaen. Samme nummer to gange sker én gang.
field-right-amount = Det rigtige beløb
field-right-net = Heraf uden moms og fragt
field-right-net-hint = Kun hvis din plan betaler en del af nettobeløbet.
adjust-look = Se, hvad der sker
adjust-effect = Der er { $amount } tilbage af værdien.
adjust-how = Kommissionerne ændrer sig sådan:
adjust-nobody = Ingen kommission ændrer sig.
adjust-before = Nu
adjust-after = Bagefter
adjust-paid = Det, der allerede er betalt, trækkes fra partnerens næste udbetaling.
adjust-returned = { $amount } er givet tilbage.
refund-go = Giv tilbage
correct-go = Ret det
done-refunded = Det er givet tilbage, og kommissionerne er fulgt med.
done-corrected = Beløbet er rettet, og kommissionerne med det.
refusal-program-only = Det kan kun programmet.
chart-said = { $total } i alt, mest { $when }: { $most }.
chart-said-before = { $total } i alt, mod { $before } i perioden før. Mest { $when }: { $most }.
bank-since = i brug siden
bank-differs = ændret
bank-changed-by = Bedt om af
bank-told = Meddelt til
statement-recovered = Trukket fra for det, der skyldtes tilbage
partner-codes = Koder til uddeling
partner-codes-how = Butikken giver rabatten; et køb med koden krediteres denne partner.
partner-codes-none = Ingen koder endnu.
partner-code-until = indtil
partner-code-since = siden
field-coupon = Ny kode
field-coupon-hint = Som kunderne taster den, for eksempel ANNA10. Den tilhører partneren for altid.
partner-code-give = Tildel koden
done-code-given = Koden er tildelt og tjener fra nu af.
done-code-off = Koden er slået fra. Det, der blev købt med den før, tjener stadig.
done-code-on = Koden tjener igen.
approve-in-hold =
    { $count ->
        [one] { $count } af dem er stadig i returperioden, til og med { $date }. Godkendes den nu, bliver den betalt, også hvis kunden sender varen tilbage efter betalingsdagen; næste udbetaling bliver så mindre.
       *[other] { $count } af dem er stadig i returperioden, den sidste til og med { $date }. Godkendes de nu, bliver de betalt, også hvis kunder sender varer tilbage efter betalingsdagen; næste udbetaling bliver så mindre.
    }
depart = Kunden er gået
depart-effect = Kræver planen, at kunden bliver i nogle måneder, trækkes kommission for de manglende måneder tilbage. Af prisen gives intet tilbage herved.
field-left-on = Gik den
field-depart-reference = Jeres eget nummer på opsigelsen
depart-go = Træk tilbage
done-departed = Det er noteret, at kunden er gået, og kommissionerne er fulgt med.
