import Agents
import Database
import Integrations
import JSON
import Jobs
import Records
import RuntimeTesting
import Telemetry
import Testing
@testable import Messages
@testable import People

@Suite struct ChatMediaTests {
    @Test func `a service that never gives a file is asked for a while, then those who read are told`()
        async throws
    {
        let rig = try await MessagingRig.started()
        let line = try await rig.test.given { tx in
            var integration = Integration.new(id: tx.nextID(), now: tx.now)
            (integration.provider, integration.capability) = ("mute", .chat)
            integration.hookToken = "token-mute"
            try tx.create(&integration, by: .system)
            return integration.id
        }
        let inbox = Inbox(rig.outbox)
        let id = try await rig.test.given { tx in
            var chat = ReceivedChat(.whatsapp, from: "+15550000002", "[document]")
            (chat.phone, chat.integration) = ("+15550000002", line)
            (chat.media, chat.providerID) = ([ChatMedia(id: "M1", name: "a.pdf")], "wamid.1")
            return try inbox.receive(chat, in: tx)?.id
        }
        let message = try #require(id)
        try await rig.test.advance(by: .seconds(1))
        // The conversation goes on.
        try await rig.test.given { tx in
            var chat = ReceivedChat(.whatsapp, from: "+15550000002", "Did you get it?")
            (chat.phone, chat.integration, chat.providerID) = ("+15550000002", line, "wamid.2")
            try inbox.receive(chat, in: tx)
        }
        try await rig.test.advance(by: .seconds(7 * 86_400))
        #expect(rig.mute.asked == ChatMediaJob.attemptsMax)
        #expect(try rig.events("message.received") == 2 && rig.events("message.media_missing") == 1)
        let history = try rig.test.read { try $0.conversations.history(of: message) }
        #expect(history.map { $0["kind"]?.text } == ["media_missing"])
        #expect(try rig.message(message).attachments.isEmpty)
    }
}
