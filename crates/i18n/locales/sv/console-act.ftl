### What pages say about acts: what they do, what was done, and why not.

seat-change = Arbeta för { $name }
log-in-link-how = Du har öppnat länken i vårt mejl. Ett tryck till och du är inne.
program-new-title = Ett nytt program
field-country = Land
field-country-hint = Två bokstäver, till exempel SE.
waiting-quarantined =
    { $count ->
        [one] { $count } rapport kunde inte användas
       *[other] { $count } rapporter kunde inte användas
    }
conversion-declined = Avböjd
explanation-times =
    { $count ->
        [one] { $count } gång
       *[other] { $count } gånger
    }
reason-click-decides = Här avgör ett klick, och det fanns ett.
reason-assigned = Kunden hörde redan till en partner och stannar där.
reason-after-conversion = Det kom efter köpet.
reason-not-used = Programmet knyter inte kunder till deras partner.
reason-unrecorded = Vi har inte klicket i våra uppgifter; en människa tittar först.
reason-rejected = En människa har tittat, och det räknas inte.
reason-not-first = Bara kundens första ersätts.
reason-months-over = De månader då kunden ger provision är över.
reason-earlier-rule = En tidigare rad i planen avgjorde.
reason-closer-rule = En rad för den här partnern, dess grupp eller kampanjen betalar i stället.
reason-better-rule = En annan rad i planen betalar mer.
reason-other-scope = Raden gäller en annan partner, grupp eller kampanj.
reason-other-option = Raden gäller partner som har valt ett annat alternativ.
reason-condition = Ett villkor på raden är inte uppfyllt.
reason-subscription-ended = Kunden hade sagt upp och kommit tillbaka; då betalar raden inte mer.
reason-once-already = Det är redan betalt för det här företaget eller den här kunden.
reason-customers-full = Raden betalar för de första { $of } kunderna, och så många fanns redan.
reason-cap-reached = Taket för raden eller planen var förbrukat.
explanation-items = { $lines } av orderns { $of } rader räknas
explanation-tier = Steg { $step } på skalan
explanation-piece = { $rate } av den här delen
explanation-month = En av de { $of } betalda månaderna
explanation-year = Ett år med sådana betalningar
explanation-bounded = Satt till radens minsta eller största belopp
explanation-capped = Vad taket lämnade kvar
reason-nothing = Det blev mindre än det minsta belopp som finns.
reason-no-plan = Programmet hade ingen plan vid den tiden.
reason-nobody = Ingen partner krediterades.
settle-title = Den här konverteringen väntar på dig
settle-body = Den nämner ett klick från en stund då klick gick förlorade, så vi kan inte bevisa det. Räknas det?
settle-accept = Det räknas
settle-reject = Det räknas inte
field-paused = Pausat
field-paused-hint = Länkar leder fortfarande någonstans, men klick ger inget från och med nu.
plan-unusual = Planen kan användas, men titta på det här först
plan-save-unusual = Spara den som den är
settings-account = Konto
go-live = Gå live
go-live-effect = Alla konverteringar och provisioner från testläget raderas. Därefter är belopp verkliga och betalas ut. Det går inte att gå tillbaka till testläget.
scope-postback = Rapportera via adress (postback)
take-back = Ta tillbaka godkännandet
take-back-question =
    { $count ->
        [one] Ta tillbaka godkännandet av { $count } provision
       *[other] Ta tillbaka godkännandet av { $count } provisioner
    }
take-back-effect = { $amount } väntar åter på ett beslut.
take-back-go = Ta tillbaka { $count }
invite-again = Skicka inbjudan igen
decline-fraud = Bedrägeri
decline-mistake = Bokförd av misstag
decline-other = Ett annat skäl; fråga programmet
decline-refund = Kunden fick pengarna tillbaka
decline-chargeback = Kundens bank tog tillbaka pengarna
decline-left-early = Kunden lämnade för tidigt
event-click = Klick
event-sale = Försäljning
event-renewal = Förnyelse
event-upgrade = Uppgradering
event-subscription = Abonnemang
event-lead = Lead
event-qualified-lead = Kvalificerat lead
event-signup = Registrering
event-trial = Provperiod
event-demo = Demo
event-meeting = Möte
rule-once = bara kundens första
rule-months =
    { $count ->
        [one] i { $count } månad
       *[other] i { $count } månader
    }
rule-payments =
    { $count ->
        [one] för { $count } betalning
       *[other] för { $count } betalningar
    }
rule-life = så länge kunden betalar
rule-of-net = av nettobeloppet
rule-of-margin = av marginalen
rule-of-contracted = av första årets värde enligt avtal
rule-of-expected = av vad ett år med sådana betalningar ger
rule-of-increase = av det som betalningen har ökat med
rule-of-one-month = av en månad av betalningen
rule-when = om { $condition }
rule-group = för gruppen { $group }
rule-and = och
rule-or = eller
rule-more = och fler villkor i planen
rule-contains = innehåller
rule-starts = börjar med
rule-ends = slutar på
rule-multiple-of = är en multipel av
rule-amount = { $amount }
rule-day = { $date }
rule-cap = högst { $amount } { $of ->
        [order] per order
        [customer] per kund
        [program] totalt
       *[partner] per partner
    } { $per ->
        [day] och dag
        [month] och månad
        [quarter] och kvartal
        [year] och år
       *[life] {""}
    }
rule-per-item = för varje enhet
rule-grade = betyg { $grade }
rule-from-month = från månad { $month }
rule-from-count =
    { $per ->
        [day] från nummer { $from } på en dag
        [month] från nummer { $from } på en månad
        [quarter] från nummer { $from } på ett kvartal
        [year] från nummer { $from } på ett år
       *[life] från nummer { $from }
    }
rule-from-revenue =
    { $per ->
        [day] över { $from } i försäljning på en dag
        [month] över { $from } i försäljning på en månad
        [quarter] över { $from } i försäljning på ett kvartal
        [year] över { $from } i försäljning på ett år
       *[life] över { $from } i försäljning totalt
    }
rule-from-commission =
    { $per ->
        [day] över { $from } i provision på en dag
        [month] över { $from } i provision på en månad
        [quarter] över { $from } i provision på ett kvartal
        [year] över { $from } i provision på ett år
       *[life] över { $from } i provision totalt
    }
done-program-made = Programmet är skapat. Det är i testläge tills du går live.
done-invited = Inbjudan är skickad.
done-link-made = Länken är skapad och fungerar inom en sekund.
done-settled = Det är avgjort.
done-bank-confirmed = Det nya kontot används från och med nu.
done-bank-refused = Det nya kontot är avvisat.
done-approved =
    { $count ->
        [one] { $count } provision är godkänd.
       *[other] { $count } provisioner är godkända.
    }
done-declined =
    { $count ->
        [one] { $count } provision är avböjd.
       *[other] { $count } provisioner är avböjda.
    }
done-taken-back =
    { $count ->
        [one] { $count } provision väntar igen.
       *[other] { $count } provisioner väntar igen.
    }
done-saved = Sparat.
done-live = Programmet är live. Belopp är verkliga från och med nu.
done-plan = Planen är sparad.
done-revoked = Nyckeln är återkallad.
done-joined = Du är partner nu.
refusal-log-in-stale = Länken är använd eller har gått ut. Be om en ny.
refusal-mail-not-taken = Mejlet kunde inte skickas. Försök igen om en stund.
refusal-nothing-chosen = Kryssa först för dem du vill avgöra.
refusal-second-person = Du har själv angett kontot. Någon annan måste titta på det.
refusal-selection-changed = Något har ändrats under tiden. Titta på siffrorna igen.
refusal-whole-number = Skriv ett heltal.
refusal-amount-malformed = Skriv ett belopp som 500.00.
refusal-day-malformed = Välj en dag.
refusal-unknown-currency = Välj en valuta.
refusal-country-malformed = Skriv två bokstäver, som SE.
refusal-over-sale = Raden betalar mer än försäljningen.
refusal-unreachable = En tidigare rad avgör alltid, så den här betalar aldrig.
refusal-before-newest = En senare version är redan planerad. Välj dess dag eller en senare.
held-nothing-due = Intjänat och återkrävt går jämnt upp
held-test = Programmet är i testläge
held-account-kind = Bankfilen kan inte betala till ett sådant konto
held-full = Körningen är full; nästa tar den
run-paid = Betald
run-cancelled = Avbruten
payout-paid = Betald
payout-cancelled = Avbruten
payout-give-account = Ange kontot som betalar
payout-no-account = Innan du kan godkänna anger du vilket konto banken ska betala från.
payout-by-hand = Ingen bankfil betalar den här valutan. Betala för hand efter tabellen och markera sedan körningen.
payout-table = Tabell (CSV)
payout-mark-paid = Banken har betalat
payout-cancel = Avbryt utbetalningen
payout-cancel-effect = Alla belopp i den är godkända igen och kommer med i nästa utbetalning. Skicka inte dess fil till banken.
payout-note-return = Notera retur…
payout-came-back = Den kom tillbaka
payout-came-back-effect = Dess provisioner är godkända igen, och partnerns bankuppgifter väntar på en titt.
payer-title = Utbetalningar i { $currency } går från
payer-none = Inget konto än. Den första utbetalningen kräver ett.
payer-how = Det står i filen till din bank. Vi drar inget från det.
payer-by-hand = Ingen bankfil betalar { $currency }. Utbetalningar görs för hand efter en tabell.
bank-kind-bankgiro = Bankgiro
field-street = Gata och nummer
field-post-code = Postnummer
field-town = Ort
field-bic = Bankens BIC
field-bic-hint = Bara om din bank ber om den i filer.
field-number-at-bank = Ditt nummer hos banken
field-number-at-bank-hint = Avtals- eller organisationsnummer, om banken har gett dig ett.
proof-mail-later = När du sparar mejlar vi dig en kod för att vara säkra på att det är du.
proof-code-sent = Vi har mejlat dig en kod. Skriv den här för att spara kontot.
waits-owed-back = Räknas av mot det som ska tillbaka efter returer
waits-bank = På väg genom banken
quarantine-title = Rapporter som inte kunde användas
quarantine-how = Inget är förlorat: varje rapport finns kvar som den kom tills du rapporterar den igen eller lägger undan den.
quarantine-empty-title = Inget väntar
quarantine-empty-body = Alla rapporter kunde användas som de kom.
quarantine-conflict = Den motsäger det som rapporterats tidigare
quarantine-future = Dess datum har inte kommit än
quarantine-old = Dess datum ligger mer än 400 dagar tillbaka
quarantine-other = Den behöver ses över
quarantine-day = Rätt dag
quarantine-replay = Rapportera igen
quarantine-dismiss = Lägg undan
done-replayed = Den är rapporterad och avgjord.
done-duplicate = Den var redan känd, och inget mer betalas.
done-dismissed = Den är undanlagd.
done-run-approved = Utbetalningen är godkänd. Hämta filen till din bank.
done-run-sent = Noterat: banken har den.
done-run-paid = Noterat: banken har betalat.
done-run-cancelled = Utbetalningen är avbruten; beloppen är godkända igen.
done-payout-returned = Noterat: den kom tillbaka. Beloppet kommer med i nästa utbetalning.
done-bank-held = Sparat. Någon tittar på ändringen innan pengar går dit.
refusal-still-unusable = Den kan fortfarande inte användas och väntar vidare.
refusal-replay-conflicts = Den motsäger en konvertering. Rätta den, eller lägg undan den här.
refusal-run-changed = Något har ändrats sedan du tittade. Gå igenom den en gång till.
refusal-nothing-to-pay = Det finns inget att betala.
refusal-payer-account-missing = Ange först vilket konto banken ska betala från.
refusal-no-bank-file = Det finns ingen bankfil; betala efter tabellen.
refusal-account-cannot-pay = Ingen bankfil betalar den här valutan från ett sådant konto.
refusal-wrong-state = Det går inte som det står nu.
refusal-zone-fixed = Tidszonen kan inte ändras när programmet är live.
refusal-unknown-partnership = Det finns ingen sådan partner här.
refusal-control-character = Använd vanliga bokstäver på en rad.
refusal-bank-file-refused = Bankfilen kunde inte skapas. Se över kontot som betalar.
refusal-too-many-commissions = Det är för många provisioner för en utbetalning. Betala i flera.
refusal-language-unknown = Välj ett språk.
refusal-url-length = Adressen är för lång.
refusal-url-characters = Skriv en vanlig webbadress.
refusal-url-scheme = Skriv en hel adress som börjar med https://.
refusal-url-credentials = Utelämna användarnamn och lösenord.
refusal-url-host = Skriv en domän, inte ett nummer.
refusal-registration-digits = Ett danskt registreringsnummer har 4 siffror.
refusal-account-digits = Det är inget kontonummer.
refusal-bankgiro-digits = Ett bankgironummer har 7 eller 8 siffror.
refusal-bankgiro-check-digit = Kontrollsiffran stämmer inte. Titta en gång till.
refusal-bic-form = En BIC har 8 eller 11 bokstäver och siffror.
refusal-clearing-digits = Ett clearingnummer har 4 eller 5 siffror.
refusal-name = Ge ett namn på 1 till 120 tecken.
refusal-wrong-length = För få eller för många här.
refusal-percent-of-click = Ett klick har inget värde att ta en del av.
refusal-click-per-item = Ett klick betalas alltid ett för ett.
refusal-recurring-click = Ett klick återkommer inte.
refusal-iban-missing = Skriv IBAN-numret.
refusal-iban-characters = Ett IBAN har bara bokstäver och siffror.
refusal-iban-country = Inget land har IBAN som börjar så.
refusal-iban-length = Det är inte längden på ett IBAN från det landet.
refusal-iban-check-digits = Kontrollsiffrorna stämmer inte. Titta en gång till.
refusal-clearing-check-digit = Kontrollsiffran stämmer inte. Titta en gång till.
refusal-ambiguous = Ange en av de två, inte båda.
refusal-currency-unknown = Den valutan finns inte.
refusal-unknown-field = Planen har inget sådant fält.
refusal-unknown-value = Det är inget av de möjliga värdena.
channel-customer = som deras kund
waits-account-kind = Väntar på ett konto hos dig som kan ta emot { $currency }
done-attribution = Tillskrivningen är sparad.
done-credit-change = Ändringen är bokförd.
done-credit-kept = Det förblir som det var.
