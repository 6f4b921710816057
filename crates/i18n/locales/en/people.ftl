### The people of an organisation, and one's own profile.

settings-people = People
people-title = Who works here
people-invite = Invite somebody
people-invite-send = Send invitation
people-how = Everybody sees all programs of { $organisation }. The role says what they may do.
role-administrator = Administrator
role-manager = Manager
role-finance = Finance
role-viewer = Viewer
role-administrator-may = Everything, including people, keys, accounts and payouts.
role-manager-may = Programs, plans, partners, links and decisions about commissions. Not payouts.
role-finance-may = Payouts, accounts and decisions about commissions. Changes nothing else.
role-viewer-may = Sees everything, changes nothing.
field-role = Role
field-role-of = Role of { $name }
role-change = Change role
column-person = Person
column-role = Role
column-last-log-in = Last log-in
person-active = Active
person-invited = Invited
person-disabled = Shut out
person-you = you
person-disable = Shut out
person-disable-effect = They are logged out at once and cannot come in any more. What they did stays, and you can let them in again.
person-enable = Let in again
done-member-invited = The invitation is sent.
done-role = The role is changed.
done-member-disabled = They are shut out.
done-member-enabled = They may come in again.
refusal-already-member = This address is here already. Change its role below.
refusal-last-administrator = This is the last administrator. Make somebody else one first.
refusal-own-membership = Nobody changes their own role. Ask another administrator.
refusal-not-waiting = They have come in already. They log in by mail or password.
refusal-people-only = This role is given by people, not by keys.
refusal-shut-out = You may not come in any more. Ask an administrator of your organisation.
refusal-log-in-again = Log out, log in by mail once more, and choose a password within 15 minutes.
refusal-role-unknown = Choose a role.
join-title = Join { $organisation }
join-lede = You are invited, and this is what you may do: { $may }
join-go = Come in
profile-title = Your profile
profile-about = About you
profile-password = Password
profile-password-set = Choose a password
profile-password-change = Change the password
profile-password-none = You log in by mail. With a password it is quicker.
profile-password-effect = You stay logged in here, and are logged out everywhere else.
profile-back = Back to your work
field-password-old = Password until now
field-password-wanted = New password
done-password = The password is changed.
mail-join-subject = { $organisation } invites you to Tributary
mail-join-body =
    You are to work for { $organisation } in Tributary. What you may do there: { $may }

    Come in by this link:
    { $link }

    It works for { $days } days. Afterwards ask for a new one.
nav-partner-profile = Your partner profile
partner-profile-how = The programs you are in see this, and your name stands on statements.
partner-profile-email-hint = A new address counts once you have opened the link that we mail to it.
partner-profile-log-in = Your own name and password
field-website = Web site
done-address-asked = Saved. Open the link in the mail to your new address, and it counts.
done-address = Your new address counts from now on. Log in with it.
refusal-address-over = The link has been used or is over. Ask for a new one on your profile.
refusal-email-taken = Somebody logs in with this address already. Choose another.
refusal-shared-profile = This partner works with others too. Only the partner changes this.
refusal-partner-only = Only the partner changes its address.
address-title = Your new address
address-lede = { $email } becomes the address of { $partner }: for mail, and to log in with.
address-go = Use this address
mail-address-subject = Confirm your new address
mail-address-moved-subject = Your address was changed
mail-address-body =
    { $partner } wants to be written to here from now on.

    Confirm it by this link, which works for 48 hours:
    { $link }

    If you did not ask for it, do nothing.
mail-address-moved-body =
    { $partner } is written to at { $to } from now on, and logs in with that address.

    Was it not you? Then tell the programs you work with at once.
