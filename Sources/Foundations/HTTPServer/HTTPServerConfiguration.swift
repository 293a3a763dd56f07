internal import Glibc
package import Telemetry

/// Everything a server is told before it starts.
package struct HTTPServerConfiguration: Sendable {
    /// A numeric address or `localhost`.
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 0
    /// Event loops; inline answers are made on them.
    package var threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    package var limits = Limits()
    /// The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
    package var trustedProxies: [AddressRange] = []
    /// The folder in which spooled bodies wait; it must exist.
    package var spoolDirectory = "/tmp"
    /// Digests spooled bodies as they arrive.
    package var makeBodyDigest: (@Sendable () -> any BodyDigest)?
    /// Sees each response, the server's own too, before it is sent. The head is nil where none could be read.
    package var decorate: (@Sendable (RequestHead?, inout Response) -> Void)?
    /// Turns what the server finds wrong into a response.
    package var fault: @Sendable (HTTPFault, RequestHead?) -> Response = { HTTPFault.problem($0, $1) }

    package init() {}

    /// The limits at which the server stops listening to a client, each with the answer that follows.
    package struct Limits: Sendable {
        /// All field names and values of a request; above it 431. The library clears a connection's memory,
        /// which must hold this, after every request (16 KB more cost each of them about half a microsecond), and
        /// half of it stays touched for as long as a stream is open.
        package var headBytesMax = 12 * 1024
        /// Fields of a request; above it 431.
        package var headFieldsMax = 100
        /// The raw target, query included; above it 414.
        package var targetBytesMax = 8 * 1024
        /// The most parameters of a query; a request with more is answered with 400.
        package var queryItemsMax = 256
        /// Above it, connections wait in the kernel's queue.
        package var connectionsMax = 10_000
        /// The time limit for the whole head, however slowly it arrives; then 408 and the end of the connection.
        package var readTimeout: Duration = .seconds(15)
        /// The time limit for the whole of a buffered body. A spooled body may take longer, at `bodyRateMin`.
        package var bodyTimeout: Duration = .seconds(30)
        /// Bytes a second that a spooled body must keep to over every `bodyTimeout`.
        package var bodyRateMin = 1024
        /// The time after which a connection on which nothing moves is closed; whole seconds.
        package var idleTimeout: Duration = .seconds(75)

        package init() {}
    }
}

/// A refusal by the operating system.
package enum HTTPServerError: Error, Equatable {
    case badHost(String)
    /// It cannot listen at the address.
    case cannotListen(String, SystemFault)
    /// The file of a body could not be stored.
    case cannotStore(SystemFault)
    case daemonRefused
}

extension HTTPServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badHost(let host): "\(host) is neither a numeric address nor localhost, with a port up to 65535"
        case .cannotListen(let address, let fault): "the server cannot listen at \(address): \(fault)"
        case .cannotStore(let fault): "the upload could not be stored: \(fault)"
        case .daemonRefused: "the server's threads could not be started"
        }
    }
}

/// Digests bytes as they come. The caller brings its own algorithm.
package protocol BodyDigest {
    /// The bytes are valid during the call only.
    mutating func update(_ bytes: UnsafeRawBufferPointer)
    mutating func finalize() -> [UInt8]
}
