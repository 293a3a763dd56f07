/// Faces and other pictures, with how good or bad they look.
enum Emoticons {
    static let pictures: [Unicode.Scalar: Float] = {
        var pictures: [Unicode.Scalar: Float] = [:]
        let rows: [(Float, String)] = [
            (3, "😍🥰😘❤♥💕💖💗💙💚💛💜🧡🤩🎉🥳🏆💯😻"),
            (2, "😀😃😄😁😊🙂😎👍👏🙌😂🤣😆🥂🍾🌟⭐✨🙏💪☺😇🤗😋🎊🔥🌹🌸☀👌"), (1, "😉😅😜😝😛🙃✌🤞😏"),
            (-1, "😐😑😕🙄🤔😬😶😴🤷🤦"), (-2, "🙁☹😞😔😟😣😖😫😩😢😥😰😨😱👎😤😒💔😓🤢🤕"), (-3, "😭😡😠🤬🤮💩🖕👿"),
        ]
        for (valence, list) in rows {
            for scalar in list.unicodeScalars where scalar.value > 0x2000 { pictures[scalar] = valence }
        }
        return pictures
    }()

    static let faces: [(face: String, valence: Float)] = [
        (":-)", 2), (":)", 2), (";-)", 1), (";)", 1), (":-D", 3), (":D", 3), ("=)", 2), ("<3", 3), (":-P", 1),
        ("xD", 2), ("XD", 2), (":P", 1), ("^^", 1), (":-(", -2), (":(", -2), (":'(", -3), (":-/", -1),
        (":/ ", -1), ("=(", -2), ("-.-", -1), (">:(", -3), ("D:", -2),
    ]

    /// Returns the emoticons of a text, as they stand there.
    static func all(in text: String) -> [(quote: String, valence: Float)] {
        var found: [(String, Float)] = []
        for scalar in text.unicodeScalars where scalar.value > 0x2000 {
            if let valence = pictures[scalar] { found.append((String(scalar), valence)) }
        }
        guard text.utf8.contains(where: { ":;=<^.>xXD".utf8.contains($0) }) else { return found }
        let padded = " " + text.replacing("\n", with: " ") + " "
        for (face, valence) in faces where padded.contains(" " + face) || padded.contains(face + " ") {
            guard face.first!.isLetter == false || padded.contains(" " + face + " ") else { continue }
            found.append((face, valence))
        }
        return found
    }
}
