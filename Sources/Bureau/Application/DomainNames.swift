internal import Addresses
internal import HTTPClient
internal import Messages

/// The servers that questions to the domain name system go to: `192.0.2.53, 192.0.2.54:5353`.
struct NameServers: LosslessStringConvertible, Sendable {
    let description: String
    let servers: [DNSClient.Server]

    init() { (description, servers) = ("", []) }

    init?(_ text: String) {
        var servers: [DNSClient.Server] = []
        for part in text.split(separator: ",") {
            let word = part.filter { $0 != " " }
            // Behind the last colon stands a port, unless it is one of an IPv6 address without brackets.
            if let address = IPAddress(word) {
                servers.append(DNSClient.Server(address))
                continue
            }
            guard let colon = word.lastIndex(of: ":"), let address = IPAddress(word[..<colon]),
                let port = UInt16(word[word.index(after: colon)...]), port > 0
            else { return nil }
            servers.append(DNSClient.Server(address, port: port))
        }
        (description, self.servers) = (text, servers)
    }
}

/// Returns the lookups in the domain name system that messaging needs.
func domainLookups(_ servers: [DNSClient.Server], blocklists: String) -> DomainLookups {
    let client = DNSClient(servers: servers)
    var lookups = DomainLookups()
    lookups.knowsReserved = !servers.isEmpty
    lookups.texts = { name in
        do throws(DNSError) { return .found(try await client.txt(name)) } catch { return .init(error) }
    }
    lookups.mailHosts = { name in
        do throws(DNSError) {
            return .found(try await client.mx(name).map(\.host))
        } catch {
            return .init(error)
        }
    }
    lookups.addresses = { name in
        do throws(DNSError) {
            return .found(
                try await client.addresses(name).map {
                    DomainLookups.Address(text: $0.description, reversed: $0.reversed)
                })
        } catch {
            return .init(error)
        }
    }
    lookups.blocklists = blocklists.split(separator: ",").map { $0.filter { $0 != " " } }.filter {
        !$0.isEmpty
    }
    return lookups
}

extension DomainLookups.Answer {
    fileprivate init(_ error: DNSError) {
        self =
            switch error {
            case .noSuchDomain, .noData: .absent
            case .invalidName: .unclear("it is not a valid name")
            case .timeout: .unclear("no name server answers")
            case .serverFailure: .unclear("the name servers fail")
            case .busy: .unclear("too many lookups are running at once")
            case .cancelled: .unclear("the lookup was interrupted")
            }
    }
}
