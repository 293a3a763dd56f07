package import Agents
package import Database
package import JSON
package import Jobs
package import Nouns
package import People
package import Records
internal import Templates

/// The input of the tool.
package struct SendMessageInput: Declared {
    package var channel = Channel.email
    package var contactID: ContactID?
    package var conversationID: ID<Conversation>?
    package var subject: String?
    package var body = ""
    package var purpose = Purpose.transactional
    package var campaignID: String?

    package init() {}

    package static let schema = Schema<SendMessageInput>(
        "SendMessageInput",
        [
            .choice("channel", \.channel, .standard("email"), .about("By which it goes.")),
            .id("contact_id", \.contactID, .required, .about("To whom it goes.")),
            .id(
                "conversation_id", \.conversationID,
                .about("The conversation that it continues.")),
            .text(
                "subject", \.subject, max: MessageText.subjectMax,
                .about("The subject, on one line; required for mails.")),
            .text("body", \.body, max: MessageText.bodyMax, .required, .about("Markdown.")),
            .choice(
                "purpose", \.purpose, .standard("transactional"),
                .about(
                    "The purpose: marketing needs consent and has a link to unsubscribe; transactional messages do not."
                )),
            .text("campaign_id", \.campaignID, max: 64, .about("The campaign whose budget it takes from.")),
        ])
}

/// Says something to a person, through the outbox. Of what an agent asks first, the message or the ticket's answer
/// waits as the approval's subject.
package struct SendMessageTool: QueuedTool, AskingTool {
    package static let name = SendMessage.tool
    package let title = "Send a message"
    package let summary =
        "Writes to a contact by mail or over a chat channel, as soon as every rule allows it."
    package let effect = ToolClass.sends
    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package func permission(for input: SendMessageInput) -> Permission? { SendMessage.permission }

    package func faults(_ input: SendMessageInput) -> [ValueFault] {
        var faults: [ValueFault] = []
        if input.channel == .email, input.subject == nil {
            faults.append(
                ValueFault(pointer: "/subject", code: "required", detail: "subject is required for a mail."))
        }
        if let subject = input.subject, !MessageText.isSubject(subject) {
            faults.append(
                ValueFault(
                    pointer: "/subject", code: "invalid_text",
                    detail: "subject must be one line, without control characters."))
        }
        if input.body.trimmed.isEmpty {
            faults.append(ValueFault(pointer: "/body", code: "required", detail: "body is required."))
        }
        if input.purpose == .account {
            faults.append(
                ValueFault(
                    pointer: "/purpose", code: "invalid_choice",
                    detail: "purpose must be marketing or transactional.",
                    choices: ["marketing", "transactional"]))
        }
        return faults
    }

    package func preview(_ input: SendMessageInput) -> ToolPreview {
        ToolPreview(
            title: Saying(
                "approval.write", ["subject": .text(input.subject ?? input.channel.rawValue)]
            ).english, text: input.body,
            recipient: input.contactID?.keyText)
    }

    package func queue(_ input: SendMessageInput, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        let contact = try Contact.resource.get(input.contactID ?? .unset, in: tx)
        var draft = MessageDraft(
            input.channel, to: contact, input.purpose, subject: input.subject, body: input.body,
            by: call.caller.actor, cause: .init("tool", call.caller.runID?.keyText ?? call.key), key: call.key
        )
        (draft.campaign, draft.conversation) = (input.campaignID, input.conversationID)
        (draft.run, draft.decision) = (call.caller.runID, call.caller.decisionID)
        let message = try outbox.send(draft, in: tx)
        return ["message_id": JSON(message.id), "status": .string(message.status.rawValue)]
    }

    // MARK: A person's yes

    /// The arguments that a person may change before approving.
    private static let editable: Set<String> = ["subject", "body"]

    package func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        var faults = (arguments.object?.members ?? []).compactMap { name, value -> ValueFault? in
            guard !Self.editable.contains(name), value != approval.arguments[name] ?? .null else {
                return nil
            }
            return ValueFault(
                pointer: "/\(name.pointerToken)", code: "unknown_field",
                detail: "Only subject and body can be changed.")
        }
        if arguments["body"]?.text?.trimmed.isEmpty ?? true {
            faults.append(
                ValueFault(pointer: "/body", code: "required", detail: "body is required: write the text."))
        }
        if let subject = arguments["subject"], !subject.isNull, !MessageText.isSubject(subject.text ?? "\n") {
            faults.append(
                ValueFault(pointer: "/subject", code: "invalid_text", detail: "subject must be one line."))
        }
        return faults
    }

    package func decided(_ approval: Approval, in tx: Transaction) throws {
        if let id = approval.work(of: Nouns.Message.self) {
            return try decided(approval, about: id, in: tx)
        }
        if let ticket = approval.arguments["ticket_id"]?.id(of: Nouns.Ticket.self) {
            try outbox.dependencies.answerTicket(outbox, tx, ticket, approval)
        }
    }

    private func decided(_ approval: Approval, about id: MessageID, in tx: Transaction) throws {
        guard let message = try Message.resource.find(id, in: tx), message.status == .held else { return }
        guard approval.status == .approved else { return try outbox.turnDown(message, approval, in: tx) }
        if let reason = try overtaken(message, in: tx) {
            return try outbox.cancel(message, because: reason, in: tx)
        }
        var approved = message
        approved.status = .queued
        (approved.reasons, approved.heldCode) = (Parts(), nil)
        approved.subject = approval.arguments["subject"]?.text ?? message.subject
        if let body = approval.arguments["body"]?.text, body != message.body {
            (approved.body, approved.text) = (body, MessageText.plain(body))
            approved.segments = outbox.service(of: approved.channel)?.segments(of: approved.text)
        }
        try tx.outbox.change(message, to: &approved)
        try tx.outbox.tellApproval(of: approved)
        try tx.outbox.enqueueSend(approved)
        if let conversation = approved.conversationID {
            try outbox.conversations.tell(.said(approved), in: conversation, tx)
        }
    }

    /// Why an agent's words leave no more, although somebody approves them: in a chat a person speaks by now, or it is
    /// over. More questions do not keep an answer back: whoever approves it decides that it still fits.
    private func overtaken(_ message: Message, in tx: Transaction) throws -> Reason? {
        guard message.channel != .email, message.agent != nil,
            let conversation = try message.conversationID.flatMap({
                try Conversation.resource.find($0, in: tx)
            })
        else { return nil }
        if conversation.handler == .human {
            return Reason(
                "lock_lost", "A person took over the conversation after the message was written.")
        }
        if conversation.status == .closed {
            return Reason("conversation_closed", "The conversation was closed after the message was written.")
        }
        return nil
    }
}
