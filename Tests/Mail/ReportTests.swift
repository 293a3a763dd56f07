import Mail
import Testing

@Suite struct `A report about a mail` {
    private func bounce(_ group: String, original: String? = nil) -> MailReport? {
        received(
            """
            Return-Path: <>
            From: Mail Delivery System <mailer-daemon@mx.example.net>
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

            --b1
            Content-Type: text/plain

            I'm sorry. <somebody@example.org> 5.7.1
            --b1
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.net

            \(group)
            --b1
            \(original ?? "Content-Type: message/rfc822\n\nMessage-ID: <m42@agency.example>\nTo: Ann <ann@example.com>\n\nHi")
            --b1--
            """
        ).report
    }

    @Test(arguments: [
        ("failed", "5.1.1", "smtp; 550 5.1.1 User unknown", MailReport.Kind.hardBounce),
        ("failed", "5.1.2", "dns; host not found", .hardBounce),
        ("failed", "5.2.1", "smtp; 550 disabled", .hardBounce),
        ("failed", "5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied", .hardBounce),
        ("failed", "5.2.2", "smtp; 552 5.2.2 Mailbox full", .softBounce),
        ("failed", "5.1.1", "smtp; 550 the mailbox is full (over quota)", .softBounce),
        ("failed", "5.7.1", "smtp; 554 5.7.1 rejected", .softBounce),
        ("failed", "5.7.26", "smtp; 550-5.7.26 unauthenticated", .softBounce),
        ("failed", "5.3.4", "smtp; 552 message too large", .softBounce),
        ("failed", "5.1.8", "smtp; 553 sender's domain does not exist", .softBounce),
        ("failed", "5.0.0", "smtp; 550 no such user here", .hardBounce),
        ("failed", "5.0.0", "smtp; 550 5.7.1 blocked for spam", .softBounce),
        ("failed", "5.0.0", "smtp; 554 blocked for spam", .softBounce),
        ("failed", "4.4.7", "smtp; 451 delivery time expired", .softBounce),
        ("Failed (expired)", "4.4.7", "", .softBounce),
        ("failed", "5.0.0", "smtp; 550 Postfach existiert nicht", .hardBounce),
        ("failed", "5.0.0", "smtp; 552 La casella di posta piena", .softBounce),
        ("failed", "5.0.0", "smtp; 554 niet toegestaan", .softBounce),
        ("delayed", "4.4.1", "smtp; 421 connection timed out", .delayed),
        ("delivered", "2.1.5", "", .delivered), ("relayed", "2.0.0", "", .delivered),
    ])
    func `says what became of it`(
        action: String, status: String, diagnostic: String, kind: MailReport.Kind
    ) throws {
        let report = try #require(
            bounce(
                "Final-Recipient: rfc822; ann@example.com\nAction: \(action)\nStatus: \(status)\n"
                    + "Diagnostic-Code: \(diagnostic)"))
        #expect(report.kind == kind)
        #expect(report.recipient == "ann@example.com" && report.status == status)
        #expect(report.originalMessageID?.description == "m42@agency.example")
        #expect(report.isPolicy == status.hasPrefix("5.7."))
    }

    @Test func `names the address that was written to, and the worst of several`() throws {
        let forwarded = try #require(
            bounce(
                "Original-Recipient: rfc822;ann@example.com\nFinal-Recipient: rfc822; x@other.example\n"
                    + "Action: failed\nStatus: 5.1.1"))
        #expect(forwarded.recipient == "ann@example.com")
        let several = try #require(
            bounce(
                "Final-Recipient: rfc822;<a@example.com>\nAction: delayed\nStatus: 4.0.0\n\n"
                    + "Final-Recipient: rfc822;<b@example.com>\nAction: failed\nStatus: 5.1.1\n folded"))
        #expect(several.kind == .hardBounce && several.recipient == "b@example.com")
    }

    @Test func `finds the mail by its headers alone, or by a copy in the text`() throws {
        let group = "Final-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1"
        let headers = bounce(
            group,
            original: "Content-Type: text/rfc822-headers\n\nSubject: x\nMessage-ID:\n <m43@agency.example>\n")
        #expect(headers?.originalMessageID?.description == "m43@agency.example")
        let none = bounce(group, original: "Content-Type: text/plain\n\nnothing")
        #expect(none?.kind == .hardBounce && none?.originalMessageID == nil)
    }

    @Test func `of spam is a complaint`() throws {
        func complaint(_ kind: String) -> ReceivedMail {
            received(
                """
                From: <abuse@mail.example.com>
                Subject: FW: Earn money
                Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

                --b1
                Content-Type: text/plain

                This is an abuse report.
                --b1
                Content-Type: message/feedback-report

                Feedback-Type: \(kind)
                Version: 1
                Original-Rcpt-To: <ann@example.com>

                --b1
                Content-Type: message/rfc822

                From: <olive@agency.example>
                Message-ID: <m42@agency.example>

                Buy
                --b1--
                """)
        }
        let report = try #require(complaint("abuse").report)
        #expect(report.kind == .complaint && report.recipient == "ann@example.com")
        #expect(report.originalMessageID?.description == "m42@agency.example")
        for kind in ["not-spam", "auth-failure"] {
            #expect(complaint(kind).report == nil && complaint(kind).isAutomatic)
        }
        let microsoft = received(
            """
            From: staff@hotmail.example
            Subject: complaint about message from 192.0.2.1
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: message/rfc822

            X-HmXmrOriginalRecipient: ann@example.com
            Message-ID: <m42@agency.example>

            Buy
            --b--
            """)
        #expect(microsoft.report?.kind == .complaint && microsoft.report?.recipient == "ann@example.com")
    }

    @Test func `by Exim is understood without the standard's form`() throws {
        let mail = received(
            """
            Return-path: <>
            X-Failed-Recipients: ann@example.com
            Auto-Submitted: auto-replied
            From: Mail Delivery System <Mailer-Daemon@mx.agency.example>
            Subject: Mail delivery failed: returning message to sender

            This message was created automatically by mail delivery software.

            A message that you sent could not be delivered to one or more of its
            recipients. This is a permanent error. The following address(es) failed:

              ann@example.com
                SMTP error from remote mail server after RCPT TO:<ann@example.com>:
                550 5.1.1 <ann@example.com>: User unknown

            ------ This is a copy of the message, including all the headers. ------

            Return-path: <olive@agency.example>
            Message-Id: <m42@agency.example>
            To: other@example.com

            Hi 4.2.2
            """)
        let report = try #require(mail.report)
        #expect(
            report.kind == .hardBounce && report.recipient == "ann@example.com" && report.status == "5.1.1")
        #expect(report.originalMessageID?.description == "m42@agency.example")
        #expect(report.diagnostic == "550 5.1.1 <ann@example.com>: User unknown")
        #expect(mail.automaticReason == .report && !mail.isAutomaticReply)
    }

    @Test func `by qmail is understood, too`() throws {
        func qmail(_ reason: String) -> MailReport? {
            received(
                """
                Return-Path: <>
                From: MAILER-DAEMON@mx.example.net
                Subject: failure notice

                Hi. This is the qmail-send program at mx.example.net.
                I'm afraid I wasn't able to deliver your message to the following addresses.
                This is a permanent error; I've given up. Sorry it didn't work out.

                <ann@example.com>:
                \(reason)

                --- Below this line is a copy of the message.

                Return-Path: <olive@agency.example>
                Message-ID: <m42@agency.example>
                """
            ).report
        }
        let gone = try #require(qmail("Sorry, no mailbox here by that name. (#5.1.1)"))
        #expect(gone.kind == .hardBounce && gone.recipient == "ann@example.com" && gone.status == "5.1.1")
        #expect(gone.originalMessageID?.description == "m42@agency.example")
        #expect(
            qmail("192.0.2.1 does not like recipient.\nRemote host said: 552 mailbox full")?.kind
                == .softBounce)
        #expect(qmail("Remote host said: 550 user unknown\nGiving up on 192.0.2.1.")?.kind == .hardBounce)
        #expect(qmail("Remote host said: 554 blocked, see 10.5.1.1")?.kind == .softBounce)
    }

    @Test func `that it is late is no bounce`() {
        let late = received(
            """
            Return-Path: <>
            From: Mail Delivery System <mailer-daemon@mx.agency.example>
            Subject: Warning: message 1abc delayed 24 hours

            The address to which the message has not yet been delivered is:

              ann@example.com
                Delay reason: 451 4.7.1 greylisted, try again
            """)
        #expect(late.report?.kind == .delayed && late.report?.recipient == "ann@example.com")
    }

    @Test(arguments: [
        "Return-Path: <>\nAuto-Submitted: auto-replied\nFrom: ann@example.com\nSubject: Out of office: delivery failed",
        "Return-Path: <ann@example.com>\nFrom: ann@example.com\nSubject: Undeliverable parcels",
        "Return-Path: <>\nFrom: postmaster@example.com\nSubject: Your quarantine summary",
    ])
    func `is not seen where there is none`(head: String) {
        #expect(received(head + "\n\nI am away. 550 5.1.1 ann@example.com").report == nil)
    }
}
