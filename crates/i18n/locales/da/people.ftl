### De folk, der arbejder i en organisation, og ens egen profil.

settings-people = Personer
people-title = Hvem arbejder her
people-invite = Inviter en person
people-invite-send = Send invitation
people-how = Alle ser alle programmer hos { $organisation }. Rollen siger, hvad de må.
role-administrator = Administrator
role-manager = Programansvarlig
role-finance = Økonomi
role-viewer = Læser
role-administrator-may = Alt, også personer, nøgler, konti og udbetalinger.
role-manager-may = Programmer, planer, partnere, links og afgørelser om kommissioner. Ikke udbetalinger.
role-finance-may = Udbetalinger, konti og afgørelser om kommissioner. Ændrer intet andet.
role-viewer-may = Ser alt, ændrer intet.
field-role = Rolle
field-role-of = { $name }s rolle
role-change = Skift rolle
column-person = Person
column-role = Rolle
column-last-log-in = Sidste login
person-active = Aktiv
person-invited = Inviteret
person-disabled = Lukket ude
person-you = dig
person-disable = Luk ude
person-disable-effect = Personen logges ud med det samme og kan ikke komme ind igen. Det, personen har gjort, bliver stående, og du kan lukke op igen.
person-enable = Luk ind igen
done-member-invited = Invitationen er sendt.
done-role = Rollen er skiftet.
done-member-disabled = Personen er lukket ude.
done-member-enabled = Personen kan komme ind igen.
refusal-already-member = Adressen er her allerede. Skift dens rolle nedenfor.
refusal-last-administrator = Det er den sidste administrator. Gør først en anden til det.
refusal-own-membership = Ingen ændrer sin egen rolle. Spørg en anden administrator.
refusal-not-waiting = Personen er allerede kommet ind og logger ind med mail eller adgangskode.
refusal-people-only = Den rolle gives af personer, ikke af nøgler.
refusal-shut-out = Du har ikke længere adgang. Spørg en administrator i din organisation.
refusal-log-in-again = Log ud, log ind med mail igen, og vælg en adgangskode inden for 15 minutter.
refusal-role-unknown = Vælg en rolle.
join-title = Kom med hos { $organisation }
join-lede = Du er inviteret, og det her må du: { $may }
join-go = Kom ind
profile-title = Din profil
profile-about = Om dig
profile-password = Adgangskode
profile-password-set = Vælg en adgangskode
profile-password-change = Skift adgangskoden
profile-password-none = Du logger ind med mail. Med en adgangskode går det hurtigere.
profile-password-effect = Du bliver logget ind her og logges ud alle andre steder.
profile-back = Tilbage til arbejdet
field-password-old = Nuværende adgangskode
field-password-wanted = Ny adgangskode
done-password = Adgangskoden er skiftet.
mail-join-subject = { $organisation } inviterer dig til Tributary
mail-join-body =
    Du skal arbejde for { $organisation } i Tributary. Det her må du: { $may }

    Kom ind med dette link:
    { $link }

    Det virker i { $days } dage. Bed derefter om et nyt.
nav-partner-profile = Din partnerprofil
partner-profile-how = De programmer, du er med i, ser det her, og dit navn står på opgørelserne.
partner-profile-email-hint = En ny adresse gælder, når du har åbnet det link, vi sender til den.
partner-profile-log-in = Dit eget navn og din adgangskode
field-website = Websted
done-address-asked = Gemt. Åbn linket i mailen til din nye adresse, så gælder den.
done-address = Din nye adresse gælder fra nu af. Log ind med den.
refusal-address-over = Linket er brugt eller udløbet. Bed om et nyt på din profil.
refusal-email-taken = Nogen logger allerede ind med den adresse. Vælg en anden.
refusal-shared-profile = Partneren arbejder også med andre. Kun partneren selv ændrer det.
refusal-partner-only = Kun partneren selv ændrer sin adresse.
address-title = Din nye adresse
address-lede = { $email } bliver { $partner }s adresse: til mail og til at logge ind med.
address-go = Brug adressen
mail-address-subject = Bekræft din nye adresse
mail-address-moved-subject = Din adresse er ændret
mail-address-body =
    { $partner } vil fra nu af have sine mails hertil.

    Bekræft det med dette link, som virker i 48 timer:
    { $link }

    Har du ikke bedt om det, så gør ingenting.
mail-address-moved-body =
    { $partner } får fra nu af sine mails på { $to } og logger ind med den adresse.

    Var det ikke dig? Så sig det straks til de programmer, du arbejder med.
