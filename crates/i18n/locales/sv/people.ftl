### De som arbetar i en organisation, och ens egen profil.

settings-people = Personer
people-title = Vilka som arbetar här
people-invite = Bjud in någon
people-invite-send = Skicka inbjudan
people-how = Alla ser alla program hos { $organisation }. Rollen säger vad de får göra.
role-administrator = Administratör
role-manager = Programansvarig
role-finance = Ekonomi
role-viewer = Läsare
role-administrator-may = Allt, även personer, nycklar, konton och utbetalningar.
role-manager-may = Program, planer, partner, länkar och beslut om provisioner. Inte utbetalningar.
role-finance-may = Utbetalningar, konton och beslut om provisioner. Ändrar inget annat.
role-viewer-may = Ser allt, ändrar inget.
field-role = Roll
field-role-of = Roll för { $name }
role-change = Byt roll
column-person = Person
column-role = Roll
column-last-log-in = Senaste inloggning
person-active = Aktiv
person-invited = Inbjuden
person-disabled = Utestängd
person-you = du
person-disable = Stäng ute
person-disable-effect = Personen loggas ut genast och kommer inte in igen. Det personen har gjort står kvar, och du kan släppa in igen.
person-enable = Släpp in igen
done-member-invited = Inbjudan är skickad.
done-role = Rollen är bytt.
done-member-disabled = Personen är utestängd.
done-member-enabled = Personen får komma in igen.
refusal-already-member = Adressen finns redan här. Byt dess roll nedan.
refusal-last-administrator = Det är den sista administratören. Gör någon annan till det först.
refusal-own-membership = Ingen ändrar sin egen roll. Fråga en annan administratör.
refusal-not-waiting = Personen har redan kommit in och loggar in med mejl eller lösenord.
refusal-people-only = Den rollen ges av personer, inte av nycklar.
refusal-shut-out = Du har inte längre tillträde. Fråga en administratör i din organisation.
refusal-log-in-again = Logga ut, logga in med mejl igen och välj ett lösenord inom 15 minuter.
refusal-role-unknown = Välj en roll.
join-title = Börja hos { $organisation }
join-lede = Du är inbjuden, och det här får du göra: { $may }
join-go = Kom in
profile-title = Din profil
profile-about = Om dig
profile-password = Lösenord
profile-password-set = Välj ett lösenord
profile-password-change = Byt lösenord
profile-password-none = Du loggar in med mejl. Med ett lösenord går det fortare.
profile-password-effect = Du förblir inloggad här och loggas ut överallt annars.
profile-back = Tillbaka till arbetet
field-password-old = Nuvarande lösenord
field-password-wanted = Nytt lösenord
done-password = Lösenordet är bytt.
mail-join-subject = { $organisation } bjuder in dig till Tributary
mail-join-body =
    Du ska arbeta för { $organisation } i Tributary. Det här får du göra: { $may }

    Kom in med den här länken:
    { $link }

    Den fungerar i { $days } dagar. Be därefter om en ny.
nav-partner-profile = Din partnerprofil
partner-profile-how = Programmen du är med i ser det här, och ditt namn står på avräkningarna.
partner-profile-email-hint = En ny adress gäller när du har öppnat länken som vi mejlar till den.
partner-profile-log-in = Ditt eget namn och lösenord
field-website = Webbplats
done-address-asked = Sparat. Öppna länken i mejlet till din nya adress, så gäller den.
done-address = Din nya adress gäller från och med nu. Logga in med den.
refusal-address-over = Länken är använd eller har gått ut. Be om en ny på din profil.
refusal-email-taken = Någon loggar redan in med den adressen. Välj en annan.
refusal-shared-profile = Partnern arbetar även med andra. Bara partnern själv ändrar det.
refusal-partner-only = Bara partnern själv ändrar sin adress.
address-title = Din nya adress
address-lede = { $email } blir adressen för { $partner }: för mejl och för att logga in med.
address-go = Använd adressen
mail-address-subject = Bekräfta din nya adress
mail-address-moved-subject = Din adress är ändrad
mail-address-body =
    { $partner } vill ha sina mejl hit från och med nu.

    Bekräfta det med den här länken, som fungerar i 48 timmar:
    { $link }

    Har du inte bett om det behöver du inte göra något.
mail-address-moved-body =
    { $partner } får från och med nu sina mejl på { $to } och loggar in med den adressen.

    Var det inte du? Säg det då genast till programmen du arbetar med.
