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
