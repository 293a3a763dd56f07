import Mail
import Testing

@Suite struct `What a person wrote anew` {
    @Test(arguments: [
        "On Tue, Nov 14, 2023 at 10:13 PM Olive Owner <olive@agency.example> wrote:",
        "On Tue, Nov 14, 2023 at 10:13 PM Olive Owner <olive@agency.example>\nwrote:",
        "On 14 Nov 2023, at 22:13,\nOlive Owner of the Agency <olive@agency.example>\nwrote:",
        "Am Di., 14. Nov. 2023 um 22:13 Uhr schrieb Olive Owner <olive@agency.example>:",
        "Am 14.11.2023 um 22:13 schrieb Olive Owner:",
        "Olive Owner <olive@agency.example> schrieb am Di., 14. Nov. 2023, 22:13:",
        "Le mar. 14 nov. 2023 à 22:13, Olive Owner <olive@agency.example> a\nécrit :",
        "El mar, 14 nov 2023 a las 22:13, Olive Owner (<olive@agency.example>) escribió:",
        "Il giorno mar 14 nov 2023 alle ore 22:13 Olive Owner <olive@agency.example>\nha scritto:",
        "Em ter., 14 de nov. de 2023 às 22:13, Olive Owner <olive@agency.example> escreveu:",
        "Op di 14 nov 2023 om 22:13 schreef Olive Owner <olive@agency.example>:",
        "Den tis 14 nov. 2023 kl 22:13 skrev Olive Owner <olive@agency.example>:",
        "Den 14.11.2023 22.13, skrev Olive Owner:",
        "ti 14. marrask. 2023 klo 22.13 Olive Owner (olive@agency.example) kirjoitti:",
        "wt., 14 lis 2023 o 22:13 Olive Owner <olive@agency.example> napisał(a):",
        "W dniu 14.11.2023 o 22:13, Olive Owner pisze:",
        "út 14. 11. 2023 v 22:13 odesílatel Olive Owner <olive@agency.example> napsal:",
        "вт, 14 нояб. 2023 г. в 22:13, Olive Owner <olive@agency.example>:",
        "14.11.2023 22:13, Olive Owner пишет:", "2023年11月14日(火) 22:13 Olive Owner <olive@agency.example>:",
        "Olive Owner <olive@agency.example> 于2023年11月14日周二 22:13写道：",
        "2023년 11월 14일 (화) 오후 10:13, Olive Owner <olive@agency.example>님이 작성:",
        "Olive Owner <olive@agency.example>, 14 Kas 2023 Sal, 22:13 tarihinde şunu yazdı:",
        "-----Original Message-----", "-----Ursprüngliche Nachricht-----", "----- Message d'origine -----",
        "---------- Forwarded message ---------", "Begin forwarded message:",
        "________________________________\nFrom: Olive\nSent: Tuesday\nTo: Jane\nSubject: Offer",
        "From: Olive Owner <olive@agency.example>\nSent: Tuesday, November 14, 2023 10:13 PM\nTo: Jane\nSubject: Your offer",
        "*From:* Olive\n*Date:* Tuesday\n*To:* Jane\n*Subject:* Offer",
        "Von: Olive\nGesendet: Dienstag, 14. November 2023\nAn: Jane\nBetreff: Offer",
        "De : Olive\nEnvoyé : mardi\nÀ : Jane\nObjet : Offre",
        "De: Olive\nEnviado el: martes\nPara: Jane\nAsunto: Oferta",
        "Da: Olive\nInviato: martedì\nA: Jane\nOggetto: Offerta",
        "Van: Olive\nVerzonden: dinsdag\nAan: Jane\nOnderwerp: Offerte",
        "Från: Olive\nSkickat: tisdag\nTill: Jane\nÄmne: Offert",
        "Od: Olive\nWysłano: wtorek\nDo: Jane\nTemat: Oferta",
        "От: Olive\nОтправлено: вторник\nКому: Jane\nТема: Offer",
        "发件人: Olive\n发送时间: 星期二\n收件人: Jane\n主题: Offer",
        "差出人: Olive\n送信日時: 火曜日\n宛先: Jane\n件名: Offer",
    ])
    func `ends where the quote begins`(introduction: String) {
        let below = "Good morning Jane,\nhere is the offer.\n\nOlive"
        let quoted = below.split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }.joined(
            separator: "\n")
        #expect(
            WrittenText("Yes, please send it.\n\n\(introduction)\n\n\(below)").newText
                == "Yes, please send it.")
        #expect(
            WrittenText("Yes, please send it.\n\n\(introduction)\n\(quoted)").newText
                == "Yes, please send it.")
    }

    @Test func `stands between quoted lines`() {
        let text = """
            Hi Olive,

            On Tue, 14 Nov 2023, Olive Owner wrote:
            > What does it cost?

            Nothing at all.

            > And when?
            > Tell me.

            Tomorrow.
            """
        #expect(WrittenText(text).newText == "Hi Olive,\n\n\nNothing at all.\n\n\nTomorrow.")
    }

    @Test(arguments: [
        "She wrote:\nI am not interested.", "From: here to there, it takes a day.\nSubject: to change.",
        "On Monday we met. As you wrote:\nit works.", "We need this on 3.4.: thanks",
        "To: do today\nFrom: home",
        "I have read what the original message said.",
        "Best price?\nWe need it by Monday, and what does the second one cost?",
        "Thanks", "Regards",
        "Best\nof all options is the second one, since it costs less than all the others do.",
        "Please call me.\n\nThanks,\nbut what about the invoice that you sent to us last week?", "-- ",
        "Sent from my iPhone",
    ])
    func `is everything where nothing else is certain`(text: String) {
        let written = WrittenText(text)
        #expect(written.newText == text.trimmedEnd && written.signature == nil)
    }

    @Test(arguments: [
        ("Let's talk.\n\n-- \nJane Example\nCEO", "Let's talk.", "-- \nJane Example\nCEO"),
        ("Let's talk.\n--\nJane", "Let's talk.", "--\nJane"),
        ("Let's talk.\n\nSent from my iPhone", "Let's talk.", "Sent from my iPhone"),
        ("Gern.\n\nVon meinem iPhone gesendet", "Gern.", "Von meinem iPhone gesendet"),
        ("D'accord.\n\nEnvoyé de mon iPhone", "D'accord.", "Envoyé de mon iPhone"),
        ("Ok.\n\nGet Outlook for iOS<https://aka.ms/x>", "Ok.", "Get Outlook for iOS<https://aka.ms/x>"),
        (
            "Let's talk.\n\nBest regards,\nJane Example\nCEO, Example Inc.\n+1 555 0100", "Let's talk.",
            "Best regards,\nJane Example\nCEO, Example Inc.\n+1 555 0100"
        ),
        (
            "Rufen Sie an.\n\nMit freundlichen Grüßen\n\ni. A. Jane Müller\nEinkauf", "Rufen Sie an.",
            "Mit freundlichen Grüßen\n\ni. A. Jane Müller\nEinkauf"
        ),
        ("Oui.\n\nCordialement,\nJane", "Oui.", "Cordialement,\nJane"),
        ("Yes.\n\nThanks!\nJane\n\nSent from my iPhone", "Yes.", "Thanks!\nJane\n\nSent from my iPhone"),
        ("No.\nRegards", "No.", "Regards"),
    ])
    func `is parted from the signature`(text: String, newText: String, signature: String) {
        let written = WrittenText(text)
        #expect(written.newText == newText && written.signature == signature)
        let answered = WrittenText(
            text + "\n\nOn Tue, Nov 14, 2023 at 10:13 PM Olive <o@a.example> wrote:\n> Hi\n")
        #expect(answered.newText == newText && answered.signature == signature)
    }

    @Test(arguments: [
        #"<div>Yes</div><br><div class="gmail_quote"><div class="gmail_attr">On Tue Olive wrote<br></div><blockquote class="gmail_quote">Offer<div>x</div></blockquote></div>"#,
        #"<div>Yes</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Olive</div><div>Offer</div>"#,
        #"<html><body>Yes<br><blockquote type="cite"><div>On Tue, Olive &lt;o@a.example&gt; wrote:</div><div>Offer</div></blockquote></body></html>"#,
        #"<p>Yes</p><div class="moz-cite-prefix">Am 14.11. schrieb Olive:</div><blockquote type="cite" cite="mid:x">Offer</blockquote>"#,
        #"<div>Yes</div><div class="yahoo_quoted" id="yahoo_quoted_1">On Tuesday, Olive wrote: Offer</div>"#,
        #"<p>Yes</p><div style="border-top:solid"><p><b>From:</b> Olive<br><b>Sent:</b> Tuesday<br><b>To:</b> Jane<br><b>Subject:</b> x</p></div><p>Offer</p>"#,
    ])
    func `is found in a page by what mail programs mark`(page: String) {
        let mail = received("Content-Type: text/html; charset=utf-8\n\n" + page)
        #expect(mail.newText == "Yes")
        #expect(mail.text.contains("Offer"))
    }

    @Test func `is found by the page where the plain part does not mark its quote`() {
        let mail = received(
            """
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain

            Yes
            Offer of last week
            --a
            Content-Type: text/html

            <div>Yes</div><blockquote type="cite">Offer of last week</blockquote>
            --a--
            """)
        #expect(mail.text == "Yes\nOffer of last week" && mail.newText == "Yes")
    }

    @Test func `below a quoted page is kept, and a mail of nothing but a quote stays whole`() {
        let below = received(
            "Content-Type: text/html\n\n<blockquote type=\"cite\">Offer</blockquote><p>My answer</p>")
        #expect(below.newText == "My answer")
        let forwarded = received("Content-Type: text/html\n\n<div class=\"gmail_quote\">Only this</div>")
        #expect(forwarded.newText == "Only this" && forwarded.signature == nil)
        #expect(WrittenText("> all\n> quoted").newText == "> all\n> quoted")
    }

    @Test func `is the provider's word where it gave one`() {
        var mail = received("Subject: x\n\nYes\n\nOn Tue whatever\n> x")
        mail.strippedText = "Yes indeed\n\nSent from my iPhone"
        #expect(mail.newText == "Yes indeed" && mail.signature == "Sent from my iPhone")
    }
}
