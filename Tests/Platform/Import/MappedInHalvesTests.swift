import Testing

@testable import Transfer

struct MappedInHalves {
    @Test(arguments: [0, 1, 2, 3, 200]) func `two halves give all in their order`(_ count: Int) async {
        let numbers = Array(0..<count)
        #expect(await numbers.mappedInHalves { $0 * 2 } == numbers.map { $0 * 2 })
    }
}
