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
