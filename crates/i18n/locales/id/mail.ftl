### Surel.

mail-log-in-subject = { $code } adalah kode Tributary Anda
mail-log-in-body =
    Kode Anda adalah { $code }.

    Ketik di tempat Anda memintanya, atau buka tautan ini:
    { $link }

    Berlaku { $minutes } menit dan hanya sekali. Bila Anda tidak memintanya, abaikan saja; tidak ada yang bisa masuk tanpa kode.
mail-invite-subject = { $manager } mengundang Anda menjadi mitra { $program }
mail-invite-body =
    { $manager } ingin Anda menjadi mitra { $program }.

    Lihat pendapatan Anda dan dapatkan tautan sendiri:
    { $link }
mail-invite-body-personal =
    { $manager } ingin Anda menjadi mitra { $program } dan menulis:

    { $words }

    Lihat pendapatan Anda dan dapatkan tautan sendiri:
    { $link }
mail-payout-subject = { $amount } dari { $program } sedang dikirim
mail-payout-body =
    { $program } telah mengirim { $amount } kepada Anda. Perkiraan tiba { $date }.

    Laporan dengan setiap jumlahnya:
    { $link }
mail-bank-subject = Data bank Anda telah diubah
mail-bank-body =
    Pembayaran akan dikirim ke rekening berakhiran { $ending }. Perubahan diperiksa sebelum uang dikirim ke sana.

    Bukan Anda? Segera masuk dan beri tahu kami:
    { $link }
