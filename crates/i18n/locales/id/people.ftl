### Orang-orang dalam organisasi, dan profil sendiri.

settings-people = Orang
people-title = Siapa yang bekerja di sini
people-invite = Undang seseorang
people-invite-send = Kirim undangan
people-how = Semua orang melihat semua program { $organisation }. Peran menentukan apa yang boleh mereka lakukan.
role-administrator = Administrator
role-manager = Manajer
role-finance = Keuangan
role-viewer = Pembaca
role-administrator-may = Semuanya, termasuk orang, kunci, rekening, dan pembayaran.
role-manager-may = Program, rencana, mitra, tautan, dan keputusan tentang komisi. Bukan pembayaran.
role-finance-may = Pembayaran, rekening, dan keputusan tentang komisi. Tidak mengubah yang lain.
role-viewer-may = Melihat semuanya, tidak mengubah apa pun.
field-role = Peran
field-role-of = Peran { $name }
role-change = Ubah peran
column-person = Orang
column-role = Peran
column-last-log-in = Terakhir masuk
person-active = Aktif
person-invited = Diundang
person-disabled = Ditutup
person-you = Anda
person-disable = Tutup akses
person-disable-effect = Orang ini langsung dikeluarkan dan tidak dapat masuk lagi. Yang sudah dikerjakannya tetap ada, dan Anda dapat membuka aksesnya kembali.
person-enable = Buka akses lagi
done-member-invited = Undangan sudah dikirim.
done-role = Peran sudah diubah.
done-member-disabled = Akses orang ini sudah ditutup.
done-member-enabled = Orang ini boleh masuk lagi.
refusal-already-member = Alamat ini sudah ada di sini. Ubah perannya di bawah.
refusal-last-administrator = Ini administrator terakhir. Jadikan orang lain administrator lebih dahulu.
refusal-own-membership = Tidak ada yang mengubah perannya sendiri. Minta kepada administrator lain.
refusal-not-waiting = Orang ini sudah pernah masuk. Masuknya lewat email atau kata sandi.
refusal-people-only = Peran ini diberikan oleh orang, bukan oleh kunci.
refusal-shut-out = Anda tidak boleh masuk lagi. Hubungi administrator organisasi Anda.
refusal-log-in-again = Keluar, masuk lagi lewat email, lalu pilih kata sandi dalam 15 menit.
refusal-role-unknown = Pilih peran.
join-title = Bergabung dengan { $organisation }
join-lede = Anda diundang, dan inilah yang boleh Anda lakukan: { $may }
join-go = Masuk
profile-title = Profil Anda
profile-about = Tentang Anda
profile-password = Kata sandi
profile-password-set = Pilih kata sandi
profile-password-change = Ubah kata sandi
profile-password-none = Anda masuk lewat email. Dengan kata sandi lebih cepat.
profile-password-effect = Anda tetap masuk di sini, dan dikeluarkan di semua tempat lain.
profile-back = Kembali ke pekerjaan Anda
field-password-old = Kata sandi sekarang
field-password-wanted = Kata sandi baru
done-password = Kata sandi sudah diubah.
mail-join-subject = { $organisation } mengundang Anda ke Tributary
mail-join-body =
    Anda akan bekerja untuk { $organisation } di Tributary. Yang boleh Anda lakukan: { $may }

    Masuk lewat tautan ini:
    { $link }

    Tautan ini berlaku { $days } hari. Setelah itu mintalah yang baru.
nav-partner-profile = Profil mitra Anda
partner-profile-how = Program yang Anda ikuti melihat ini, dan nama Anda tercantum pada laporan.
partner-profile-email-hint = Alamat baru berlaku setelah Anda membuka tautan yang kami kirim ke sana.
partner-profile-log-in = Nama dan kata sandi Anda sendiri
field-website = Situs web
done-address-asked = Tersimpan. Buka tautan di email ke alamat baru Anda, lalu alamat itu berlaku.
done-address = Alamat baru Anda berlaku mulai sekarang. Masuklah dengannya.
refusal-address-over = Tautan ini sudah dipakai atau kedaluwarsa. Minta yang baru di profil Anda.
refusal-email-taken = Sudah ada yang masuk dengan alamat ini. Pilih yang lain.
refusal-shared-profile = Mitra ini juga bekerja dengan pihak lain. Hanya mitra yang mengubahnya.
refusal-partner-only = Hanya mitra yang mengubah alamatnya.
address-title = Alamat baru Anda
address-lede = { $email } menjadi alamat { $partner }: untuk email dan untuk masuk.
address-go = Pakai alamat ini
mail-address-subject = Konfirmasi alamat baru Anda
mail-address-moved-subject = Alamat Anda telah diubah
mail-address-body =
    { $partner } ingin dikirimi email ke sini mulai sekarang.

    Konfirmasi lewat tautan ini, yang berlaku 48 jam:
    { $link }

    Jika Anda tidak memintanya, abaikan saja.
mail-address-moved-body =
    Mulai sekarang email untuk { $partner } dikirim ke { $to }, dan masuknya dengan alamat itu.

    Bukan Anda? Segera beri tahu program yang bekerja dengan Anda.
