internal import Records

/// What invoices say in their reader's language.
struct InvoiceWords {
    let words: SellingWords

    init(_ locale: String?) { words = SellingWords(locale ?? "en") }

    func title(_ kind: Invoice.Kind) -> String {
        kind == .invoice ? words("Invoice", "Rechnung") : words("Credit note", "Rechnungskorrektur")
    }
    var draft: String { words("Draft", "Entwurf") }
    var void: String { words("Void", "Storniert") }
    var voidNote: String {
        words(
            "This invoice was cancelled. There is nothing to pay.",
            "Diese Rechnung wurde storniert. Es ist nichts zu zahlen.")
    }
    var billedTo: String { words("Billed to", "Rechnung an") }
    var number: String { words("Number", "Nummer") }
    var date: String { words("Date", "Datum") }
    var dueOn: String { words("Due on", "Zahlbar bis") }
    var description: String { words("Description", "Leistung") }
    var quantity: String { words("Quantity", "Menge") }
    var unitPrice: String { words("Unit price", "Einzelpreis") }
    var amount: String { words("Amount", "Betrag") }
    var subtotal: String { words("Subtotal", "Zwischensumme") }
    var tax: String { words("Tax", "Steuer") }
    var total: String { words("Total", "Gesamtbetrag") }
    var totalCredited: String { words("Total credited", "Gutgeschrieben") }
    var paid: String { words("Paid", "Bezahlt") }
    var credited: String { words("Credited", "Gutgeschrieben") }
    var due: String { words("Due", "Offen") }
    var credit: String { words("Credit", "Gutschrift") }
    var taxID: String { words("Tax ID", "USt-IdNr.") }
    var payment: String { words("Payment", "Zahlung") }
    var bank: String { words("Bank transfer", "Überweisung") }
    var reference: String { words("Reference", "Verwendungszweck") }
    var notes: String { words("Notes", "Hinweise") }
    var pay: String { words("Pay online", "Online bezahlen") }
    var payTitle: String {
        words("Pay by card, or look at it online", "Mit Karte zahlen oder online ansehen")
    }
    var see: String { words("Open", "Öffnen") }
    var seeTitle: String { words("Where this invoice stands", "Der Stand dieser Rechnung") }
    var download: String { words("Download as PDF", "Als PDF herunterladen") }
    var isPaid: String { words("It is paid. Thank you.", "Sie ist bezahlt. Vielen Dank.") }
    var isOnItsWay: String {
        words(
            "Thank you. Your payment is on its way to us; this page says so as soon as it is here.",
            "Vielen Dank. Ihre Zahlung ist unterwegs; sobald sie da ist, steht es hier.")
    }
    var isOverdue: String { words("It is overdue.", "Sie ist überfällig.") }
    var pageFormat: String { words("Page {page} of {pages}", "Seite {page} von {pages}") }

    func credits(_ number: String) -> String {
        words("It corrects the invoice \(number).", "Sie berichtigt die Rechnung \(number).")
    }
    func restOf(_ number: String) -> String {
        words("What is left of \(number)", "Rest der Rechnung \(number)")
    }
    func payUntil(_ amount: String, _ day: String) -> String {
        words("Please pay \(amount) by \(day).", "Bitte zahlen Sie \(amount) bis zum \(day).")
    }
}
