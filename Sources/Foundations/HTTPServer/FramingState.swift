extension FramingReader {
    /// The part of a request that the next byte belongs to.
    enum State {
        case start, startLF
        case method, target, version, versionLF
        case line, name, valueStart, value, valueLF, endLF
        case body
        case size, sizeExtension, sizeLF, data, dataCR, dataLF
        case trailer, trailerName, trailerValue, trailerLF, trailerEndLF
        case refused

        /// Whether the head has been read completely.
        var isInBody: Bool {
            switch self {
            case .body, .size, .sizeExtension, .sizeLF, .data, .dataCR, .dataLF, .trailer, .trailerName,
                .trailerValue, .trailerLF, .trailerEndLF:
                true
            default: false
            }
        }

        /// Returns the bytes that complete a request of which the library has seen the beginning. `count` is the
        /// number of bytes of the current part; `isLength` says that the current field is a Content-Length.
        func completion(after count: Int, isLength: Bool) -> StaticString {
            switch self {
            case .start: "GET / HTTP/1.1\r\n\r\n"
            case .startLF: "\nGET / HTTP/1.1\r\n\r\n"
            case .method, .target, .version: " / HTTP/1.1\r\n\r\n"
            case .versionLF, .valueLF, .trailerLF: "\n\r\n"
            case .line, .trailer: "\r\n"
            case .name, .trailerName: "x:\r\n\r\n"
            case .valueStart, .value: isLength ? "0\r\n\r\n" : "\r\n\r\n"
            case .trailerValue: "\r\n\r\n"
            case .endLF, .trailerEndLF: "\n"
            // After a size that has begun, the library takes the second CRLF for data, or for the end of the body
            // where the size is 0.
            case .size: count == 0 ? "0\r\n\r\n" : "\r\n\r\n"
            case .sizeExtension: "\r\n\r\n"
            case .sizeLF: "\n\r\n"
            case .dataCR: "\r\n0\r\n\r\n"
            case .dataLF: "\n0\r\n\r\n"
            case .body, .data, .refused: ""
            }
        }
    }
}
