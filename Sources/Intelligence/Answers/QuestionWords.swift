/// What a question is about: its words without those that every question has, cut to what endings leave unchanged.
package struct QuestionWords: Sendable {
    /// As they were asked, in order.
    package let stems: [String]

    package init(_ text: String) {
        var seen: Set<String> = []
        stems = ReadText(text, wordsMax: 120).words.compactMap { word in
            guard let stem = Self.stem(word), seen.insert(stem).inserted else { return nil }
            return stem
        }
    }

    package var isEmpty: Bool { stems.isEmpty }

    /// The words of a text that could answer, cut in the same way.
    package static func stems(in text: String) -> Set<String> {
        Set(ReadText(text).words.compactMap { stem($0) })
    }

    /// `nil` for what says nothing of what is asked.
    static func stem(_ word: ReadText.Word) -> String? {
        switch word.kind {
        case .mark, .link: return nil
        case .number, .address: return word.folded
        case .word:
            guard word.folded.utf8.count > 1, !common.contains(word.folded) else { return nil }
            return cut(word.folded)
        }
    }

    /// Without its ending, where what is left is long enough to mean the same.
    private static func cut(_ word: String) -> String {
        for ending in endings where word.utf8.count >= ending.utf8.count + 4 && word.hasSuffix(ending) {
            return String(word.dropLast(ending.count))
        }
        return word
    }

    /// The longest first; of English, German, and what Romance languages share.
    private static let endings = [
        "isations", "izations", "isation", "ization", "ements", "ations", "ungen", "ement", "ation", "ising",
        "izing", "ingly", "ings", "ions", "ised", "ized", "ises", "izes", "ung", "ing", "ion", "ise", "ize",
        "ies", "est", "ern", "ers", "ed", "es", "en", "er", "em", "et", "ly", "os", "as", "e", "n", "s", "y",
        "o",
        "a",
    ]

    private static let common: Set<String> = Set(
        """
        a about all also am an and any are as at be been but by can cannot could do does dont for from get give got
        had has have hello help her here hey hi him his how i if im in into is it its just know like may me mine my
        need no not now of off ok on one or our out please say she should so some something tell than thank thanks
        that the their them then there these they this to up us want was we were what whats when where which who
        whom whose why will with would you your yours explain question
        aber alle als am an auf aus bei bin bitte da das dass dein dem den der des die dies du ein eine einem einen
        einer er es euch euer fur geht gibt guten habe haben hallo hat ich ihm ihn ihr ihre im in ist ja kann kannst
        konnen konnte mein meine mich mir mit mochte muss nach nein nicht noch nur ob oder sein sich sie sind so tag
        und uns unser vom von wann war warum was wenn wer werden wie will wir wird wo wozu zu zum zur danke
        au aux ce ces comment dans de des du elle en est et il ils je la le les leur lui ma mais me mes moi mon ne
        nos notre nous on ou par pas pour pouvez puis que quel quelle qui quoi sa se ses son sur ta te tes toi ton
        tu un une vos votre vous bonjour merci
        al como con cual cuando del donde el ella en es esta este hay la las lo los me mi mis para pero por que
        quien se si sin su sus te tu un una y yo hola gracias puedo puede
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
