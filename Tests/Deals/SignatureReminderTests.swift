import Telemetry
import Testing

@testable import Deals

@Suite struct SignatureReminderTests {
    private let sent = Instant(seconds: 1_800_000_000)

    private func days(_ number: Int64) -> Duration { .seconds(number * 86_400) }

    @Test func `a reminder is due three days after the request or the last one, and five leave at most`() {
        var signature = ContractSignature(.dropboxSign, .sent)
        #expect(!signature.isReminderDue(since: sent, at: sent + days(3) - .seconds(1)))
        #expect(signature.isReminderDue(since: sent, at: sent + days(3)))
        (signature.reminders, signature.remindedAt) = (1, sent + days(2))
        #expect(!signature.isReminderDue(since: sent, at: sent + days(4)))
        #expect(signature.isReminderDue(since: sent, at: sent + days(5)))
        signature.reminders = 5
        #expect(!signature.isReminderDue(since: sent, at: sent + days(30)))
    }

    @Test(arguments: [ContractSignature.Status.signed, .declined, .expired, .voided, .failed, .captured])
    func `what waits for nobody reminds nobody`(_ status: ContractSignature.Status) {
        #expect(!ContractSignature(.dropboxSign, status).isReminderDue(since: sent, at: sent + days(9)))
    }
}
