internal import CConfinement
internal import Glibc
internal import JSON

/// The other process: the same program, called with a word that nobody types. It looks at one file and ends.
package enum MediaChild {
    package static let word = "media-child"
    static let bytesMax = 64 * 1024 * 1024

    /// Looks at the file that comes in on the standard input. `arguments` are those behind the word.
    package static func run(_ arguments: ArraySlice<String>) -> Never {
        _ = bureau_die_with_parent()
        MediaLimits(arguments: arguments).apply()
        ChildPipe.write(answer())
        _exit(0)
    }

    private static func answer() -> MediaMessage {
        guard let length = ChildPipe.read(4),
            let front = ChildPipe.read(length.reduce(0) { $0 << 8 | Int($1) }),
            let request = try? JSONParser.parse(front)
        else { return unavailable("nothing was asked") }
        do {
            switch request["work"]?.text {
            case "film": return try look(at: try FilmReader(), by: { $0.look(at: $1) })
            case "make_film":
                guard let recipe = request["recipe"].flatMap(FilmRecipe.init) else {
                    return unavailable("the recipe is not understood")
                }
                // It lasts for minutes, in which the server has others to answer.
                _ = nice(10)
                return try look(at: try FilmMaker()) { $0.fit($1, by: recipe) }
            case "picture":
                guard let recipe = request["recipe"].flatMap(PictureRecipe.init) else {
                    return unavailable("the recipe is not understood")
                }
                return try look(at: try PictureMaker()) { $0.fit($1, by: recipe) }
            case "faint_words": return try look(at: try PictureMaker()) { $0.faintWords(in: $1) }
            case "versions":
                let (pictures, films) = (try PictureMaker(), try FilmMaker())
                return MediaMessage([
                    "pictures": .string(pictures.version), "films": .string(films.version),
                ])
            case "openings": return openings(isConfined: request["confined"] != false)
            default: return unavailable("the work is not known")
            }
        } catch {
            return unavailable(error.what)
        }
    }

    /// Reads the file once nothing is in reach any more.
    private static func look<Reader>(
        at reader: Reader, by look: (Reader, [UInt8]) -> MediaMessage
    ) throws(LibraryMissing) -> MediaMessage {
        if let obstacle = MediaLimits.confine() { throw LibraryMissing(what: obstacle) }
        guard let bytes = ChildPipe.readToEnd(bytesMax), !bytes.isEmpty else {
            return .refused(.notMedia)
        }
        return look(reader, bytes)
    }

    private static func openings(isConfined: Bool) -> MediaMessage {
        if isConfined, let obstacle = MediaLimits.confine() { return unavailable(obstacle) }
        return MediaMessage(["openings": JSON(MediaOpenings.found.map(\.rawValue))])
    }

    private static func unavailable(_ why: String) -> MediaMessage {
        MediaMessage(["unavailable": .string(why)])
    }
}

/// A library that does not load, in its own words.
struct LibraryMissing: Error {
    let what: String
}

extension MediaMessage {
    static func refused(_ fault: MediaFault) -> MediaMessage {
        MediaMessage(["fault": .string(fault.rawValue)])
    }
}
