import Testing

@testable import Database

struct ServerAddressTests {
    @Test(arguments: [
        "postgresql://bureau:secret@db.example.com/bureau", "postgresql://bureau@10.1.2.3:5433/bureau",
        "host=db.example.com dbname=bureau", "postgresql://bureau@localhost,db.example.com/bureau",
        "postgresql://bureau@127.example.com/bureau", "postgresql:///bureau?host=db.example.com",
        "host=localhost hostaddr=192.0.2.7 dbname=bureau",
    ])
    func `to another machine a connection is encrypted, or there is none`(_ server: String) {
        #expect(PostgreSQLConnection.encryption(of: server) == "require")
    }

    @Test(arguments: [
        "postgresql://bureau@localhost/bureau", "postgresql://bureau@127.0.0.1:5433/bureau",
        "postgresql://bureau@[::1]/bureau", "postgresql:///bureau?host=/var/run/postgresql",
        "postgresql:///bureau", "postgresql://bureau@db.example.com/bureau?sslmode=verify-full",
        "host=db.example.com dbname=bureau sslmode=disable", "postgresql://[",
    ])
    func `on this machine, and where it is said how, that counts`(_ server: String) {
        #expect(PostgreSQLConnection.encryption(of: server).isEmpty)
    }
}
