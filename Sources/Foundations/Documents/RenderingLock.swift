internal import CPango
internal import Synchronization

/// Where documents are set, one at a time. The library closes a font's file when it has more than ten of them
/// open, and does not look whether another thread is reading it: two documents at once in many scripts would
/// crash.
enum RenderingLock {
    // Warm: it knows the fonts that were used.
    private static let map = Mutex<FontMap?>(nil)

    /// Lends a typesetter to the body. Everything that the body makes with it is gone when it returns.
    static func lend<T: Sendable>(
        _ language: String, _ body: (Typesetter) throws(DocumentError) -> T
    ) throws(DocumentError) -> T {
        try map.withLock { kept throws(DocumentError) in
            let map: FontMap
            if let warm = kept {
                map = warm
            } else {
                map = try FontMap(Fonts.shared.get())
                kept = map
            }
            return try body(Typesetter(map, language: language))
        }
    }
}

/// Pango's map. Unchecked: the lock lends it to one document at a time.
@safe final class FontMap: @unchecked Sendable {
    let handle: UnsafeMutablePointer<PangoFontMap>
    let fonts: Fonts

    init(_ fonts: Fonts) throws(DocumentError) {
        self.fonts = fonts
        guard let handle = unsafe bureau_pango_map(fonts.config) else { throw .library("no map of fonts") }
        unsafe self.handle = handle
    }

    deinit { unsafe bureau_unref(handle) }
}
