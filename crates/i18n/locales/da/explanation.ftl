### Hvorfor et beløb er, som det er.

explanation-rule = Efter linjen "{ $name }" i planen, version { $version }
explanation-base = Værdi, der tæller
explanation-percent = { $rate } af det
explanation-fixed = Fast beløb
explanation-payment = Kundens betaling nummer { $number }
explanation-payment-of = Kundens betaling { $number } af { $of }, der tæller
explanation-credit = Andel, der krediteres: { $share }
explanation-exchange = { $amount } til kurs { $rate } den { $date }
explanation-rounded = Afrundet én gang, til sidst
explanation-returned = Ført tilbage for den del, der blev returneret
explanation-left-early = Trukket tilbage, fordi kunden gik for tidligt
explanation-clawback-missing =
    { $count ->
        [one] Går kunden inden for en måned, trækkes den manglende del tilbage
       *[other] Går kunden inden for { $count } måneder, trækkes de manglende måneder tilbage
    }
explanation-clawback-all =
    { $count ->
        [one] Går kunden inden for en måned, trækkes det hele tilbage
       *[other] Går kunden inden for { $count } måneder, trækkes det hele tilbage
    }
explanation-result = Kommission
streams-described = { $total }. { $parts }
streams-nothing = tjente intet
streams-commission-of-sale = Kommission i alt
not-paid-title = Hvad der ikke blev betalt, og hvorfor
journey-title = Vejen til købet
journey-none = Ingen partner nåede kunden inden for vinduet.
journey-window =
    { $days ->
        [one] Berøringer inden for { $days } dag før købet kan tjene.
       *[other] Berøringer inden for { $days } dage før købet kan tjene.
    }
journey-window-from = Her er det fra { $date }.
channel-link = via link
channel-code = med kode
another-partner = En anden partner
channel-other = anden kanal
reason-outside-window =
    { $days ->
        [one] { $days } dag før købet; vinduet er { $window }.
       *[other] { $days } dage før købet; vinduet er { $window }.
    }
reason-no-consent = Den besøgende gav ikke samtykke, så berøringen blev kun gemt et døgn.
touch-other-person = Af en kollega til kunden eller under et andet id
reason-not-last = En senere berøring fra en partner afgjorde det.
reason-code-decides = En kode brugt ved købet afgjorde det.
reason-not-a-partner = Ikke en partners kanal.
reason-not-active = Partnerskabet var ikke aktivt dengang.
reason-not-a-person = En maskine eller en forhåndsvisning, ikke et menneske.
reason-no-rule = Planen betaler intet for denne slags hændelse.
reason-payments-over =
    { $of ->
        [one] Planen betaler for { $of } betaling fra en kunde, og den er brugt.
       *[other] Planen betaler for { $of } betalinger fra en kunde, og de er brugt.
    }
reason-test = Fra testtilstand.
reason-duplicate = Det samme køb var meldt før.
reason-returned = Købet blev returneret.
decline-returned = Ordren blev returneret eller annulleret
decline-not-qualified = Leadet opfylder ikke kriterierne
decline-duplicate = Meldt to gange
decline-own-purchase = Partnerens eget køb
decline-terms = I strid med programmets vilkår
reason-not-earliest = En tidligere berøring afgjorde det: her tæller den første.
reason-channel-decides = En kanal, der ikke er en partners, afgjorde det.
reason-paid-to-nobody = Ikke en partners kanal. Dens del udbetales ikke til nogen.
reason-no-share = Den var med, men modellen giver dens plads ingenting.
reason-waits-for-other = Venter på, at nogen har set på en anden berøring på vejen.
reason-repeated = Det samme som en berøring lige før.
reason-direct = Et direkte besøg peger ikke på nogen.
reason-registration-decides = Et registreret lead går forud her.
reason-stronger-decides = Den blev kun set; noget stærkere tæller.
journey-model = Afgjort efter modellen "{ $model }".
model-last-partner-click = Sidste partnerklik
model-last-partner-click-how = Alt til en partners sidste berøring. Andre kanaler springes over, medmindre de konkurrerer.
model-last-click = Sidste klik fra enhver kanal
model-last-click-how = Alt til den allersidste berøring, også et direkte besøg. Var den ikke en partners, får ingen partner noget.
model-last-non-direct = Sidste klik, der ikke var direkte
model-last-non-direct-how = Alt til den sidste berøring fra enhver kanal; direkte besøg springes over.
model-first-touch = Første berøring
model-first-touch-how = Alt til den berøring, der begyndte vejen.
model-linear-touches = Hver berøring lige meget
model-linear-touches-how = Hver berøring får lige stor del.
model-linear-distinct = Hver partner lige meget
model-linear-distinct-how = Hver partner får lige stor del, uanset hvor mange berøringer den havde.
model-time-decay = Nyere tæller mere
model-time-decay-how = En berøring mister halvdelen af sin vægt, hver gang en halveringstid går.
model-position-u = Første og sidste
model-position-u-how = Mest til første og sidste berøring; dem imellem deler resten.
model-position-w = Første, lead og mulighed
model-position-w-how = Mest til den første berøring, den, der gav leadet, og den, der gav salgsmuligheden; de andre deler resten.
model-partner-first = Partnere først, med en bund
model-partner-first-how = Partnere og andre kanaler deler, men partnerne får tilsammen mindst bunden.
model-weights-table = Efter en offentliggjort tabel
model-weights-table-how = Hver partner tæller så meget, som en offentliggjort tabel med vægte siger.
