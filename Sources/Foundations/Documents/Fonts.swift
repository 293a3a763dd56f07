internal import CPango

/// The fonts that documents are set with: files of named packages, and no others that a machine may have.
@safe struct Fonts: @unchecked Sendable {
    // The library counts its references and locks its caches; nobody changes what it describes.
    let config: OpaquePointer
    private let characters: OpaquePointer

    /// Read when the first document is set: some 50 ms.
    static let shared = Result { () throws(DocumentError) in try Fonts() }

    private static let folder = "/usr/share/fonts/"
    /// Folders of their packages, and the files in them that text is set with.
    private static let files = [
        ("opentype/inter", ["Inter-*"]),
        ("truetype/noto", ["NotoSans*", "NotoMusic*", "NotoSerifTibetan*", "NotoNaskhArabic*"]),
        ("truetype/bizud-gothic", ["BIZUDPGothic*"]),
        ("truetype/wqy", ["wqy-microhei*"]),
        ("truetype/ancient-scripts", ["Symbola*"]),
        (
            "truetype/jetbrains-mono",
            ["JetBrainsMono-Regular*", "JetBrainsMono-Bold.ttf", "JetBrainsMono-Italic*"]
        ),
    ]
    private static let needed = [
        "Inter", "Noto Sans", "Noto Sans Arabic", "BIZ UDPGothic", "WenQuanYi Micro Hei", "Symbola",
        "JetBrains Mono",
    ]

    private init() throws(DocumentError) {
        let folders = Self.files.map { "<dir>\(Self.folder)\($0.0)</dir>" }.joined()
        let globs = Self.files.flatMap { folder, names in
            names.map { "<glob>\(Self.folder)\(folder)/\($0)</glob>" }
        }
        // Emoji have shapes but no colors: on paper they are text. `emoji` is what Pango asks for them.
        let description = """
            <?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
            <fontconfig>\(folders)<cachedir>/var/cache/fontconfig</cachedir>
            <selectfont><rejectfont><glob>\(Self.folder)*</glob></rejectfont>
            <acceptfont>\(globs.joined())</acceptfont></selectfont>
            <match target="pattern"><test name="family"><string>emoji</string></test>
            <edit name="family" mode="assign" binding="strong"><string>Symbola</string></edit></match>
            </fontconfig>
            """
        guard let config = unsafe bureau_fonts(description) else { throw .fonts(Self.needed) }
        let missing = Self.needed.filter { unsafe bureau_fonts_of(config, $0) == 0 }
        guard missing.isEmpty else { throw .fonts(missing) }
        // Pango would read the machine's own configuration beside ours, and never use it.
        unsafe FcConfigSetCurrent(config)
        unsafe self.config = config
        unsafe characters = bureau_fonts_characters(config)
    }

    /// Returns whether there is anything to draw for a character.
    func has(_ character: Unicode.Scalar) -> Bool {
        unsafe FcCharSetHasChar(characters, character.value) != 0
    }

    /// Families in the order in which they are asked for a character.
    static func families(for language: String) -> String {
        // Chinese and Japanese share characters whose shapes differ.
        let japanese = "BIZ UDPGothic", chinese = "WenQuanYi Micro Hei"
        let isJapanese = language.lowercased().hasPrefix("ja")
        return [
            "Inter", "Noto Sans", "Noto Sans Arabic", isJapanese ? japanese : chinese, japanese, "Symbola",
        ]
        .joined(separator: ",")
    }
    static let monospaced = "JetBrains Mono"
}
