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

    /// The least length of a word that is corrected: a slip too easily makes one short word of another.
    private static let slipMin = 5

    /// Returns the stems of the words that become this one by one typing error: two letters that changed places, or
    /// one letter written twice, or once instead of twice.
    static func stems(meantBy word: String) -> Set<String> {
        let letters = Array(word)
        guard letters.count >= slipMin, letters.allSatisfy(\.isLetter) else { return [] }
        var meant: Set<String> = []
        for place in letters.indices {
            var doubled = letters
            doubled.insert(letters[place], at: place)
            meant.insert(cut(String(doubled)))
            guard place > 0 else { continue }
            var other = letters
            if letters[place] == letters[place - 1] {
                other.remove(at: place)
            } else {
                other.swapAt(place, place - 1)
            }
            meant.insert(cut(String(other)))
        }
        return meant
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
        a able about accept accepted accepts actually after all already also always am an and any anything are as at back be because been
        before being but by can cannot cant choose click come could day did do does doesnt done dont during each else
        enough even ever every everything exactly few find first for from get gets getting give given go goes going
        good got had happen happens has have havent hello help her here hey hi him his how however i id if ill im in
        into is isnt it its ive just keep know last let like likely look lot made make makes many may maybe me mean
        might mine more most much must my myself need needs never next no not nothing now of off ok on once one only
        onto open or other our ours out over own page pick please pls possible press put quite rather really right
        same say see select shall she should since so some something sometimes soon still such sure take takes tell
        than thank thanks that the their them then there these they thing things this those though through to together
        too two under unless until up upon us use used uses using usually very via want wanted wants was way we well
        were what whats when where whether which while who whom whose why will wish with within without wont would yes
        yet you your yours yourself explain question button
        ab aber alle allem allen alles als also am an auch auf aus bei beim bekomme bekommen bin bis bitte da dabei dafur
        damit dann daran das dass davon dazu dein dem den denn der des deshalb die dies diese diesem diesen dieser dieses
        doch dort du durch ein eine einem einen einer eines einige er erst es etwas euch euer eure fur ganz gar geben
        gegen geht genau gerade gern gerne gibt gilt gute guten habe haben hallo hat hatte hatten her hier hin ich ihm
        ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jedem jeden jeder jedes jetzt kann kannst klick
        klicken kommen kommt konnen konnt konnte konnten lassen lasst mache machen macht mal man mehr mein meine meinem
        meinen meiner mich mir mit mochte mochten moglich muss mussen nach nein nicht nichts noch nun nur ob oder oft
        ohne sagen schon sehen sehr sei sein seine seit selbst sich sie sind so sobald soll sollen sollte sonst tag tun
        uber um und uns unser unsere unserem unseren unserer unter viel viele vom von vor wahlen wahrend wann war waren
        warum was weiter welche welchem welchen welcher welches wenn wer werde werden wie wieder will wir wird wo wofur
        wohin wollen worden wozu wurde wurden zu zum zur zwei danke
        accepte acceptez acceptons ai ainsi alors apres as au aucun aussi autre aux avais avant avec avez avoir avons bien ca car ce cela ces cet
        cette ceux chaque chez choisir choisissez comme comment d dans de deja depuis des deux devons devoir dois doit
        donc du elle elles en encore entre es est et etait ete etes etre eu faire fais fait faites fallait faut il ils je
        jour l la le les leur leurs lors lui ma mais me mes merci mettre moi moins mon n ne ni non nos notre nous on ont
        or ou ouvrez par parce pas pendant peu peut peuvent plus pour pourquoi pourrais pouvez pouvoir pouvons puis qu
        quand que quel quelle quelles quels qui quoi s sa sans se sera ses si son sont sous sur ta te tes toi ton toujours
        tous tout toute toutes tres trouve tu un une va vais vers veut veux vos votre voudrais voulons vous y bonjour
        a abrir aca acepta aceptan aceptais ademas ahi ahora al algo alguna algunas alguno algunos ante antes aqui asi aun aunque bien boton cada
        casi como con cual cuales cualquier cuando cuanta cuanto da dan de debe deben debo del desde despues dia donde dos
        el elija ella ellas ellos en entonces entre era eres es esa ese eso esta estaba estamos estan estar estas este
        esto estos estoy fue gracias ha haber hace hacen hacer hago han hasta hay he hola incluso ir la las le les lo los
        mas me mejor mi mientras mis mucho muy nada ni ningun no nos nosotros nuestra nuestro o os otra otro para pero
        poco podemos poder podria poner por porque pueda puede pueden puedo pues que quien quiere quiero queremos se sea
        ser si sido siempre sin sino sobre solo son soy su sus tal tambien tan tanto te teneis tenemos tener tengo ti
        tiene tienen toda todas todo todos tu tus un una unas uno unos usted ustedes va vamos van ver vosotros vuestra
        vuestro y ya yo
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
