### Berkas berisi baris: dikirim, diperiksa, dicatat.

uploads-title = Unggah berkas
uploads-how = Pesanan, prospek, pengembalian dana, dan lainnya yang tidak dilaporkan sistem mana pun untuk Anda. Anda melihat nasib setiap baris sebelum ada yang dihitung.
uploads-open = Unggah berkas
uploads-earlier = Berkas sebelumnya
uploads-none = Belum ada berkas.
field-upload-kind = Isi barisnya
upload-kind-conversions = Penjualan, prospek, dan hasil lain
upload-kind-refunds = Pengembalian dana
upload-kind-corrections = Jumlah yang dikoreksi
upload-kind-departures = Pelanggan yang berhenti
upload-kind-stages = Tahap yang dicapai prospek
field-upload-file = Berkas
field-upload-file-hint = CSV atau Excel (.xlsx), paling besar 128 MB dan 1,1 juta baris. Baris pertama berisi nama kolom.
field-upload-separator = Tanda pemisah kolom
field-upload-separator-hint = Hanya jika kami salah membaca berkas: satu tanda, atau tab.
field-upload-sheet = Lembar
field-upload-sheet-hint = Hanya untuk berkas Excel dengan beberapa lembar; jika kosong, lembar pertama.
upload-send = Baca berkas
column-rows = Baris
column-line = Nomor baris
upload-rows =
    { $count ->
       *[other] { $count } baris
    }
upload-state-receiving = Sedang dibaca
upload-state-mapping = Kolom belum jelas
upload-state-checking = Sedang diperiksa
upload-state-checked = Siap untuk Anda
upload-state-committing = Sedang dicatat
upload-state-committed = Tercatat
upload-state-cancelled = Dibatalkan
upload-outcome-ready = Siap
upload-outcome-applied = Tercatat
upload-outcome-duplicate = Sudah dikenal
upload-outcome-conflict = Jumlah berbeda
upload-outcome-quarantined = Perlu dilihat
upload-outcome-refused = Salah
upload-outcome-failed = Tidak tersimpan
upload-looking = { $done } dari { $rows } baris sudah diperiksa.
upload-recording = { $done } dari { $rows } baris sudah dicatat. Prosesnya berlanjut sendiri.
upload-look-again = Lihat lagi
upload-lead = Prospek
upload-leads-matched =
    { $count ->
       *[other] Di { $count } baris prospek ditemukan lewat perusahaan atau surel.
    }
upload-matched =
    { $count ->
       *[other] Pada { $count } baris pelanggan ditemukan lewat email atau pesanan sebelumnya.
    }
upload-commit-title = Catat baris
upload-commit-how = Baris yang siap dihitung seperti dilaporkan satu per satu. Baris dengan jumlah berbeda atau tanggal yang janggal masuk karantina. Baris yang salah dilewati.
upload-commit-leads-how = Setiap prospek dipindahkan seolah-olah Anda melakukannya sendiri, dan laporan suatu tahap dibayar sesuai rencana Anda. Baris yang salah dilewati.
upload-commit =
    { $count ->
       *[other] Catat { $count } baris
    }
upload-columns-title = Arti setiap kolom
upload-columns-how = Berkas Anda berikutnya dengan kolom yang sama dibaca dengan cara yang sama.
upload-column-none = Tidak dipakai
upload-field-order-id = Nomor pesanan atau prospek
upload-field-type = Jenis hasil
upload-field-occurred-at = Waktu kejadian
upload-field-amount = Jumlah
upload-field-net-amount = Jumlah tanpa pajak
upload-field-currency = Mata uang
upload-field-quantity = Kuantitas
upload-field-customer-id = Nomor pelanggan Anda
upload-field-email = Email pelanggan
upload-field-lead-order-id = Nomor pesanan atau prospek sebelumnya
upload-field-lead-id = ID prospek
upload-field-click-id = Klik
upload-field-code = Kode mitra
upload-field-via = Kode rujukan
upload-field-partner = ID mitra
upload-field-company-id = ID perusahaan milik Anda
upload-field-company-number = Nomor perusahaan (NPWP)
upload-field-company-domain = Domain perusahaan
upload-field-stage = Tahap
upload-field-reason = Alasan gagal
upload-field-grade = Nilai prospek
upload-field-customer-country = Negara pelanggan
upload-field-customer-source = Sumber pelanggan
upload-field-refund-id = Nomor pengembalian dana
upload-field-refund-kind = Pengembalian dana atau chargeback
upload-field-correction-id = Nomor koreksi
upload-field-departure-id = Nomor penghentian
upload-field-left-at = Waktu pelanggan berhenti
field-upload-decimal = Jumlah ditulis seperti
field-upload-dates = Tanggal ditulis seperti
field-upload-event = Jenis untuk baris tanpa jenis
field-upload-event-hint = sale, lead, signup, atau milik program sendiri.
upload-map = Simpan dan lihat lagi
upload-preview-title = Yang akan terjadi pada baris
upload-result-title = Yang terjadi pada baris
upload-csv = Unduh sebagai CSV
upload-cancel = Batalkan unggahan ini
upload-cancel-how = Yang sudah tercatat tetap ada. Sisanya tidak dicatat, dan barisnya dihapus.
done-upload-mapped = Kolom sudah disimpan.
done-upload-committed = Baris sedang dicatat.
done-upload-cancelled = Unggahan dibatalkan.
refusal-amount-too-large = Jumlah ini terlalu besar.
refusal-click-id-refused = Klik ini bukan milik kami atau terlalu lama. Hilangkan saja.
refusal-clicks-are-counted = Klik dihitung di sini dan tidak dapat diunggah.
refusal-column-required = Sebutkan kolom mana ini.
refusal-column-unknown = Berkas tidak punya kolom itu.
refusal-came-further = Prospek sudah lebih maju sebelum baris ini. Urutkan berkas menurut tanggal, yang terlama lebih dulu.
refusal-conflict = Pesanan ini dikenal dengan jumlah lain. Baris masuk karantina, atau kirim koreksi.
refusal-extra-cells = Baris ini punya lebih banyak sel daripada baris pertama. Beri tanda kutip pada teks yang memuat tanda pemisah kolom.
refusal-field-unknown = Baris ini tidak bisa punya bagian itu.
refusal-file-empty = Berkas tidak berisi baris.
refusal-file-old-form = Ini berkas Excel lama atau terlindungi. Simpan sebagai .xlsx tanpa kata sandi, atau sebagai CSV.
refusal-file-too-large = Berkas terlalu besar. Bagilah.
refusal-lead-ambiguous = Beberapa prospek cocok dengan ini. Tambahkan kolom ID prospek.
refusal-nothing-ready = Tidak ada baris berkas ini yang akan mengubah sesuatu.
refusal-number-malformed = Tulis bilangan bulat.
refusal-occurred-in-the-future = Tanggalnya masih di depan. Baris masuk karantina.
refusal-occurred-too-long-ago = Tanggalnya sudah terlalu lama. Baris masuk karantina.
refusal-order-ambiguous = Beberapa hasil punya nomor ini. Tambahkan kolom jenis.
refusal-order-unknown = Tidak ada hasil program ini dengan nomor itu. Laporkan dulu.
refusal-partner-malformed = Ini bukan ID mitra. Kode rujukan punya kolom sendiri.
refusal-quote-open = Tanda kutip dibuka di sini dan tidak pernah ditutup.
refusal-quotes-broken = Terlalu banyak tanda kutip yang tidak ditutup. Simpan lagi berkas sebagai CSV.
refusal-row-too-long = Baris ini atau salah satu selnya terlalu panjang.
refusal-separator-unknown = Beri satu tanda, misalnya ; atau kata tab.
refusal-sheet-unknown = Berkas tidak punya lembar dengan nama itu.
refusal-too-many-columns = Berkas punya lebih dari 200 kolom. Hilangkan yang tidak perlu.
refusal-too-many-rows = Berkas punya lebih dari 1,1 juta baris. Bagilah.
refusal-too-many-uploads = Sudah banyak berkas menunggu. Catat atau batalkan beberapa di antaranya.
refusal-twice-in-file = Baris sebelumnya dalam berkas punya pesanan yang sama. Dihitung satu kali.
refusal-upload-changed = Unggahan ini berubah sementara itu. Lihat lagi.
refusal-upload-in-progress = Berkas yang sama sedang dibaca. Lihat lagi sebentar lagi.
refusal-upload-not-checked = Belum semua baris diperiksa.
refusal-upload-settled = Unggahan ini sudah dicatat atau dibatalkan. Kirim lagi berkasnya.
refusal-workbook-too-large = Berkas Excel terlalu besar. Bagilah, atau simpan sebagai CSV.
refusal-workbook-unreadable = Berkas Excel tidak dapat dibaca. Simpan lagi, atau sebagai CSV.
