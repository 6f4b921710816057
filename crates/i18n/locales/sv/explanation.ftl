### Varför ett belopp är som det är.

explanation-rule = Enligt raden "{ $name }" i planen, version { $version }
explanation-base = Värde som räknas
explanation-percent = { $rate } av det
explanation-fixed = Fast belopp
explanation-payment = Kundens betalning nummer { $number }
explanation-payment-of = Kundens betalning { $number } av { $of } som räknas
explanation-credit = Andel som tillskrivs: { $share }
explanation-exchange = { $amount } till kursen { $rate } den { $date }
explanation-rounded = Avrundat en gång, på slutet
explanation-returned = Återfört för den del som returnerades
explanation-left-early = Taget tillbaka eftersom kunden lämnade för tidigt
explanation-clawback-missing =
    { $count ->
        [one] Lämnar kunden inom en månad tas den del som fattas tillbaka
       *[other] Lämnar kunden inom { $count } månader tas de månader som fattas tillbaka
    }
explanation-clawback-all =
    { $count ->
        [one] Lämnar kunden inom en månad tas allt tillbaka
       *[other] Lämnar kunden inom { $count } månader tas allt tillbaka
    }
explanation-result = Provision
streams-described = { $total }. { $parts }
streams-nothing = tjänade inget
streams-commission-of-sale = Provision totalt
not-paid-title = Vad som inte betalades, och varför
journey-title = Vägen till köpet
journey-none = Ingen partner nådde kunden inom fönstret.
journey-window =
    { $days ->
        [one] Kontakter inom { $days } dag före köpet kan tjäna.
       *[other] Kontakter inom { $days } dagar före köpet kan tjäna.
    }
journey-window-from = Här är det från { $date }.
channel-link = via länk
channel-code = med kod
another-partner = En annan partner
channel-other = annan kanal
reason-outside-window =
    { $days ->
        [one] { $days } dag före köpet; fönstret är { $window }.
       *[other] { $days } dagar före köpet; fönstret är { $window }.
    }
reason-no-consent = Besökaren gav inget samtycke, så kontakten sparades bara ett dygn.
touch-other-person = Av en kollega till kunden eller under ett annat id
reason-not-last = En senare partnerkontakt avgjorde.
reason-code-decides = En kod som användes vid köpet avgjorde.
reason-not-a-partner = Inte en partners kanal.
reason-not-active = Partnerskapet var inte aktivt då.
reason-not-a-person = En maskin eller en förhandsvisning, inte en människa.
reason-no-rule = Planen betalar inget för den här sortens händelse.
reason-payments-over =
    { $of ->
        [one] Planen betalar för { $of } betalning från en kund, och den är förbi.
       *[other] Planen betalar för { $of } betalningar från en kund, och de är förbi.
    }
reason-test = Från testläge.
reason-duplicate = Samma köp hade rapporterats tidigare.
reason-returned = Köpet returnerades.
decline-returned = Ordern returnerades eller avbröts
decline-not-qualified = Leadet uppfyller inte kriterierna
decline-duplicate = Rapporterad två gånger
decline-own-purchase = Partnerns eget köp
decline-terms = Mot programmets villkor
reason-not-earliest = En tidigare kontakt avgjorde: här räknas den första.
reason-channel-decides = En kanal som inte är en partners avgjorde.
reason-paid-to-nobody = Inte en partners kanal. Dess del betalas inte ut till någon.
reason-no-share = Den var med, men modellen ger dess plats inget.
reason-waits-for-other = Väntar tills någon har tittat på en annan kontakt på vägen.
reason-repeated = Samma som en kontakt strax före.
reason-direct = Ett direktbesök pekar inte ut någon.
reason-registration-decides = Ett registrerat lead går först här.
reason-stronger-decides = Den sågs bara; något starkare räknas.
journey-model = Avgjort enligt modellen "{ $model }".
model-last-partner-click = Sista partnerklicket
model-last-partner-click-how = Allt till en partners sista kontakt. Andra kanaler hoppas över, om de inte konkurrerar.
model-last-click = Sista klicket från vilken kanal som helst
model-last-click-how = Allt till den allra sista kontakten, även ett direktbesök. Var den inte en partners får ingen partner något.
model-last-non-direct = Sista klicket som inte var direkt
model-last-non-direct-how = Allt till den sista kontakten från vilken kanal som helst; direktbesök hoppas över.
model-first-touch = Första kontakten
model-first-touch-how = Allt till kontakten som inledde vägen.
model-linear-touches = Varje kontakt lika
model-linear-touches-how = Varje kontakt får lika stor del.
model-linear-distinct = Varje partner lika
model-linear-distinct-how = Varje partner får lika stor del, hur många kontakter den än hade.
model-time-decay = Nyare räknas mer
model-time-decay-how = En kontakt förlorar halva sin vikt för varje halveringstid som går.
model-position-u = Första och sista
model-position-u-how = Mest till första och sista kontakten; de däremellan delar på resten.
model-position-w = Första, lead och affärsmöjlighet
model-position-w-how = Mest till första kontakten, den som gav leadet och den som gav affärsmöjligheten; de andra delar på resten.
model-partner-first = Partner först, med ett golv
model-partner-first-how = Partner och andra kanaler delar, men partnerna får tillsammans minst golvet.
model-weights-table = Enligt en publicerad tabell
model-weights-table-how = Varje partner räknas så mycket som en publicerad tabell med vikter säger.
