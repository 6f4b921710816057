### What pages say about acts: what they do, what was done, and why not.

seat-change = Bekerja untuk { $name }
log-in-link-how = Anda membuka tautan dari surel kami. Satu ketukan lagi dan Anda masuk.
program-new-title = Program baru
field-country = Negara
field-country-hint = Dua huruf, misalnya ID.
waiting-quarantined = { $count } laporan tidak dapat dipakai
conversion-declined = Ditolak
explanation-times = { $count } kali
reason-click-decides = Di sini klik yang menentukan, dan kliknya ada.
reason-assigned = Pelanggan ini sudah menjadi milik seorang mitra dan tetap demikian.
reason-after-conversion = Terjadi setelah pembelian.
reason-not-used = Program ini tidak mengikat pelanggan pada mitranya.
reason-unrecorded = Kami tidak punya catatan kliknya; diperiksa orang dulu.
reason-rejected = Sudah diperiksa orang, dan tidak dihitung.
reason-not-first = Hanya yang pertama dari pelanggan yang dibayar.
reason-months-over = Bulan-bulan komisi untuk pelanggan ini sudah lewat.
reason-earlier-rule = Baris sebelumnya dalam rencana yang menentukan.
reason-closer-rule = Baris untuk mitra ini, kelompoknya, atau kampanyenya yang membayar.
reason-better-rule = Baris lain dalam rencana membayar lebih banyak.
reason-other-scope = Baris ini untuk mitra, kelompok, atau kampanye lain.
reason-other-option = Baris ini untuk mitra yang memilih opsi lain.
reason-condition = Salah satu syarat baris ini tidak terpenuhi.
reason-subscription-ended = Pelanggan pernah berhenti lalu kembali; setelah itu baris ini tidak membayar lagi.
reason-once-already = Sudah dibayar untuk perusahaan atau pelanggan ini.
reason-customers-full = Baris ini membayar { $of } pelanggan pertama, dan jumlah itu sudah tercapai.
reason-cap-reached = Batas baris atau rencana ini sudah habis.
explanation-items = { $lines } dari { $of } baris pesanan dihitung
explanation-tier = Tingkat { $step } pada skala
explanation-piece = { $rate } dari bagian ini
explanation-month = Satu dari { $of } bulan yang dibayar
explanation-year = Setahun pembayaran seperti itu
explanation-bounded = Disesuaikan dengan jumlah minimum atau maksimum baris
explanation-capped = Sisa yang diizinkan oleh batas
reason-nothing = Hasilnya kurang dari jumlah terkecil.
reason-no-plan = Saat itu program belum punya rencana.
reason-nobody = Tidak ada mitra yang mendapat kredit.
settle-title = Konversi ini menunggu Anda
settle-body = Konversi ini menyebut klik dari saat klik sedang hilang, jadi tidak dapat kami buktikan. Apakah dihitung?
settle-accept = Dihitung
settle-reject = Tidak dihitung
field-paused = Dijeda
field-paused-hint = Tautan tetap mengarah ke suatu tempat, tetapi klik mulai sekarang tidak menghasilkan apa pun.
plan-unusual = Rencana dapat dipakai, tetapi lihat ini dulu
plan-save-unusual = Simpan apa adanya
settings-account = Rekening
go-live = Mulai sungguhan
go-live-effect = Semua konversi dan komisi dari mode uji dihapus. Setelah itu jumlahnya nyata dan dibayarkan. Tidak ada jalan kembali ke mode uji.
scope-postback = Melapor lewat alamat (postback)
take-back = Tarik persetujuan
take-back-question = Tarik persetujuan { $count } komisi
take-back-effect = { $amount } kembali menunggu keputusan.
take-back-go = Tarik { $count }
invite-again = Kirim undangan lagi
decline-fraud = Penipuan
decline-mistake = Tercatat karena keliru
decline-other = Alasan lain; tanyakan pada program
decline-refund = Uang pelanggan dikembalikan
decline-chargeback = Bank pelanggan menarik kembali uangnya
decline-left-early = Pelanggan berhenti terlalu cepat
event-click = Klik
event-sale = Penjualan
event-renewal = Perpanjangan
event-upgrade = Peningkatan
event-subscription = Langganan
event-lead = Prospek
event-qualified-lead = Prospek memenuhi syarat
event-signup = Pendaftaran
event-trial = Uji coba
event-demo = Demo
event-meeting = Pertemuan
rule-once = hanya yang pertama dari pelanggan
rule-months = selama { $count } bulan
rule-payments = untuk { $count } pembayaran
rule-life = selama pelanggan membayar
rule-of-net = dari jumlah bersih
rule-of-margin = dari margin
rule-of-contracted = dari nilai tahun pertama sesuai kontrak
rule-of-expected = dari nilai setahun pembayaran seperti itu
rule-of-increase = dari kenaikan pembayaran
rule-of-one-month = dari satu bulan pembayaran
rule-when = jika { $condition }
rule-group = untuk grup { $group }
rule-and = dan
rule-or = atau
rule-more = dan ketentuan lain dalam rencana
rule-contains = memuat
rule-starts = diawali
rule-ends = diakhiri
rule-multiple-of = adalah kelipatan dari
rule-amount = { $amount }
rule-day = { $date }
rule-cap = paling banyak { $amount } { $of ->
        [order] per pesanan
        [customer] per pelanggan
        [program] seluruhnya
       *[partner] per mitra
    } { $per ->
        [day] dan hari
        [month] dan bulan
        [quarter] dan kuartal
        [year] dan tahun
       *[life] {""}
    }
rule-per-item = untuk tiap unit
rule-grade = nilai { $grade }
rule-from-month = mulai bulan ke-{ $month }
rule-from-count =
    { $per ->
        [day] mulai nomor { $from } dalam sehari
        [month] mulai nomor { $from } dalam sebulan
        [quarter] mulai nomor { $from } dalam satu kuartal
        [year] mulai nomor { $from } dalam setahun
       *[life] mulai nomor { $from }
    }
rule-from-revenue =
    { $per ->
        [day] di atas { $from } penjualan dalam sehari
        [month] di atas { $from } penjualan dalam sebulan
        [quarter] di atas { $from } penjualan dalam satu kuartal
        [year] di atas { $from } penjualan dalam setahun
       *[life] di atas { $from } penjualan seluruhnya
    }
rule-from-commission =
    { $per ->
        [day] di atas { $from } komisi dalam sehari
        [month] di atas { $from } komisi dalam sebulan
        [quarter] di atas { $from } komisi dalam satu kuartal
        [year] di atas { $from } komisi dalam setahun
       *[life] di atas { $from } komisi seluruhnya
    }
done-program-made = Program sudah dibuat. Program dalam mode uji sampai Anda memulai sungguhan.
done-invited = Undangan sudah dikirim.
done-link-made = Tautan sudah dibuat dan aktif dalam sedetik.
done-settled = Sudah diputuskan.
done-bank-confirmed = Rekening baru dipakai mulai sekarang.
done-bank-refused = Rekening baru ditolak.
done-approved = { $count } komisi disetujui.
done-declined = { $count } komisi ditolak.
done-taken-back = { $count } komisi menunggu lagi.
done-saved = Tersimpan.
done-live = Program berjalan sungguhan. Jumlah mulai sekarang nyata.
done-plan = Rencana sudah disimpan.
done-revoked = Kunci sudah dicabut.
done-joined = Anda sekarang mitra.
refusal-log-in-stale = Tautan sudah dipakai atau kedaluwarsa. Minta yang baru.
refusal-mail-not-taken = Surel tidak dapat dikirim. Coba lagi sebentar lagi.
refusal-nothing-chosen = Centang dulu yang ingin Anda putuskan.
refusal-second-person = Rekening ini Anda sendiri yang memberi. Orang lain harus memeriksanya.
refusal-selection-changed = Ada yang berubah sementara itu. Lihat angkanya sekali lagi.
refusal-whole-number = Tulis bilangan bulat.
refusal-amount-malformed = Tulis jumlah seperti 500.00.
refusal-day-malformed = Pilih hari.
refusal-unknown-currency = Pilih mata uang.
refusal-country-malformed = Tulis dua huruf, seperti ID.
refusal-over-sale = Baris ini membayar lebih dari penjualannya.
refusal-unreachable = Baris sebelumnya selalu menentukan, jadi baris ini tidak pernah membayar.
refusal-before-newest = Versi yang lebih baru sudah dijadwalkan. Pilih hari itu atau setelahnya.
held-nothing-due = Yang diperoleh dan yang terutang impas
held-test = Program dalam mode uji
held-account-kind = Berkas bank tidak dapat membayar ke rekening jenis itu
held-full = Pembayaran ini penuh; masuk ke yang berikutnya
run-paid = Dibayar
run-cancelled = Dibatalkan
payout-paid = Dibayar
payout-cancelled = Dibatalkan
payout-give-account = Tentukan rekening pembayar
payout-no-account = Sebelum menyetujui, tentukan dari rekening mana bank harus membayar.
payout-by-hand = Tidak ada berkas bank untuk mata uang ini. Bayar manual dari tabel, lalu tandai.
payout-table = Tabel (CSV)
payout-mark-paid = Bank sudah membayar
payout-cancel = Batalkan pembayaran
payout-cancel-effect = Semua jumlah di dalamnya kembali disetujui dan masuk ke pembayaran berikutnya. Jangan kirim berkasnya ke bank.
payout-note-return = Catat pengembalian…
payout-came-back = Dananya kembali
payout-came-back-effect = Komisinya kembali disetujui, dan rekening mitra menunggu diperiksa.
payer-title = Pembayaran { $currency } keluar dari
payer-none = Belum ada rekening. Pembayaran pertama memerlukannya.
payer-how = Tercantum di berkas untuk bank Anda. Kami tidak menarik apa pun darinya.
payer-by-hand = Tidak ada berkas bank untuk { $currency }. Pembayaran dilakukan manual dari tabel.
bank-kind-bankgiro = Bankgiro
field-street = Jalan dan nomor
field-post-code = Kode pos
field-town = Kota
field-bic = BIC bank
field-bic-hint = Hanya bila bank Anda memintanya dalam berkas.
field-number-at-bank = Nomor Anda di bank
field-number-at-bank-hint = Nomor perjanjian atau organisasi, bila diberi bank.
proof-mail-later = Saat menyimpan, kami kirim kode lewat surel untuk memastikan itu Anda.
proof-code-sent = Kami sudah mengirim kode lewat surel. Ketik di sini untuk menyimpan rekening.
waits-owed-back = Dipotong untuk yang terutang dari pengembalian
waits-bank = Sedang diproses bank
quarantine-title = Laporan yang tidak dapat dipakai
quarantine-how = Tidak ada yang hilang: semuanya disimpan apa adanya sampai Anda melaporkannya lagi atau menyingkirkannya.
quarantine-empty-title = Tidak ada yang menunggu
quarantine-empty-body = Semua laporan dapat dipakai apa adanya.
quarantine-conflict = Bertentangan dengan laporan sebelumnya
quarantine-future = Tanggalnya belum tiba
quarantine-old = Tanggalnya lebih dari 400 hari lalu
quarantine-other = Perlu diperiksa
quarantine-day = Hari yang benar
quarantine-replay = Laporkan lagi
quarantine-dismiss = Singkirkan
done-replayed = Sudah dilaporkan dan diputuskan.
done-duplicate = Sudah dikenal, tidak ada tambahan pembayaran.
done-dismissed = Sudah disingkirkan.
done-run-approved = Pembayaran disetujui. Ambil berkas untuk bank Anda.
done-run-sent = Tercatat: bank sudah menerimanya.
done-run-paid = Tercatat: bank sudah membayar.
done-run-cancelled = Pembayaran dibatalkan; jumlahnya kembali disetujui.
done-payout-returned = Tercatat: dananya kembali. Jumlahnya masuk pembayaran berikutnya.
done-bank-held = Tersimpan. Perubahan diperiksa dulu sebelum uang dikirim ke sana.
refusal-still-unusable = Masih tidak dapat dipakai dan terus menunggu.
refusal-replay-conflicts = Bertentangan dengan satu konversi. Perbaiki konversinya, atau singkirkan laporan ini.
refusal-run-changed = Ada yang berubah sejak Anda melihatnya. Periksa sekali lagi.
refusal-nothing-to-pay = Tidak ada yang perlu dibayar.
refusal-payer-account-missing = Tentukan dulu dari rekening mana bank harus membayar.
refusal-no-bank-file = Tidak ada berkas bank; bayar dari tabel.
refusal-account-cannot-pay = Tidak ada berkas bank untuk mata uang ini dari rekening jenis itu.
refusal-wrong-state = Tidak mungkin dari keadaannya sekarang.
refusal-zone-fixed = Zona waktu program yang berjalan tidak dapat diubah.
refusal-unknown-partnership = Mitra itu tidak ada di sini.
refusal-control-character = Gunakan huruf biasa dalam satu baris.
refusal-bank-file-refused = Berkas bank tidak dapat dibuat. Periksa rekening pembayar.
refusal-too-many-commissions = Terlalu banyak komisi untuk satu pembayaran. Bayar dalam beberapa kali.
refusal-language-unknown = Pilih bahasa.
refusal-url-length = Alamatnya terlalu panjang.
refusal-url-characters = Tulis alamat web biasa.
refusal-url-scheme = Tulis alamat lengkap yang diawali https://.
refusal-url-credentials = Hilangkan nama pengguna dan kata sandi.
refusal-url-host = Tulis domain, bukan angka.
refusal-registration-digits = Nomor registrasi Denmark terdiri dari 4 angka.
refusal-account-digits = Ini bukan nomor rekening.
refusal-bankgiro-digits = Nomor bankgiro terdiri dari 7 atau 8 angka.
refusal-bankgiro-check-digit = Angka pemeriksanya tidak cocok. Periksa lagi.
refusal-bic-form = BIC terdiri dari 8 atau 11 huruf dan angka.
refusal-clearing-digits = Nomor kliring terdiri dari 4 atau 5 angka.
refusal-name = Beri nama 1 sampai 120 karakter.
refusal-wrong-length = Terlalu sedikit atau terlalu banyak di sini.
refusal-percent-of-click = Klik tidak punya nilai untuk dipersentasekan.
refusal-click-per-item = Klik selalu dibayar satu per satu.
refusal-recurring-click = Klik tidak berulang.
refusal-iban-missing = Tulis IBAN-nya.
refusal-iban-characters = IBAN hanya berisi huruf dan angka.
refusal-iban-country = Tidak ada negara dengan awalan IBAN itu.
refusal-iban-length = Panjangnya bukan panjang IBAN negara itu.
refusal-iban-check-digits = Angka pemeriksanya tidak cocok. Periksa lagi.
refusal-clearing-check-digit = Angka pemeriksanya tidak cocok. Periksa lagi.
refusal-ambiguous = Beri salah satu, bukan keduanya.
refusal-currency-unknown = Mata uang itu tidak ada.
refusal-unknown-field = Rencana tidak punya isian itu.
refusal-unknown-value = Itu bukan salah satu nilai yang mungkin.
channel-customer = sebagai pelanggannya
waits-account-kind = Menunggu rekening Anda yang dapat menerima { $currency }
done-attribution = Cara kredit diberikan sudah disimpan.
done-credit-change = Perubahan sudah dibukukan.
done-credit-kept = Tetap seperti semula.
