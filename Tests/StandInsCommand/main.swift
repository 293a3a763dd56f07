import Foundation
import JSON
import StandIns

// Stands in for the services that Bureau talks to, so that a whole deal can be watched without an account anywhere:
// docs/stand-ins.md.

let usage = """
    stand-ins: Postmark, Mailgun, SendGrid, Maileroo, an SMTP server with a mailbox, mailboxes at Google and
    Microsoft, Stripe, Calendly, WhatsApp, Telegram, Messenger, Instagram, Slack, Twilio, HubSpot, Salesforce,
    Pipedrive, Apideck, Asana, Trello, Jira, Google Sheets, Segment, Docusign, Dropbox Sign, Mailchimp,
    ActiveCampaign, Google and Adobe Analytics, Google and Meta Ads, WordPress, Facebook, Instagram, LinkedIn,
    X, TikTok and YouTube, where posts stand, Abstract, Maileroo and Hunter, which check addresses, People Data
    Labs, Apollo, Abstract and Google Places, which know companies, and registers, a map, news and communities,
    which want no key

      stand-ins [--bureau URL]     where Bureau listens (http://127.0.0.1:8080)
    """

/// At once, whether or not a terminal is there.
func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }

func fail(_ text: String) -> Never {
    FileHandle.standardError.write(Data("stand-ins: \(text)\n".utf8))
    exit(2)
}

var bureau = "http://127.0.0.1:8080"
var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.popFirst() {
    switch option {
    case "--help":
        say(usage)
        exit(0)
    case "--bureau":
        guard let url = arguments.popFirst() else { fail("--bureau wants an address") }
        bureau = url
    default: fail("there is no option \(option); see stand-ins --help")
    }
}

let services = try Services()
for service in services.all {
    say("\(service.name), at \(service.url)")
    say(
        """
          curl -fsS \(bureau)/v1/integrations -H "Authorization: Bearer $TOKEN" \\
            -H 'Content-Type: application/json' -d '\(service.integration.serialized)'
        """)
    if service.wantsConsent {
        say(
            """
              with the id in its answer, and then with the authorize_url in the answer to that:
              curl -fsS -X POST \(bureau)/v1/integrations/ID/connect -H "Authorization: Bearer $TOKEN"
            \(Service.yes(to: "AUTHORIZE_URL"))
            """)
    }
    say("")
}
say("Each curl line connects an agency to one of them; connect one service for mail.\n\(Desk.words)\n")

let desk = Desk(services, Endpoints(bureau: bureau))
let lines = AsyncStream<String?> { stream in
    Thread {
        while let line = readLine() { stream.yield(line) }
        stream.yield(nil)
    }.start()
    Thread {
        while true {
            Thread.sleep(forTimeInterval: 0.2)
            stream.yield("")
        }
    }.start()
}
// An empty line is only a look at what has come.
for await line in lines {
    guard let line else { break }
    do {
        guard try await desk.take(line) else { break }
    } catch {
        say("\(error)")
    }
    desk.look()
}
