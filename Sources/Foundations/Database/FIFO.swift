/// A queue on an array whose head moves; the space before it is given back now and then.
struct FIFO<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func prepend(_ element: Element) {
        if head > 0 {
            head -= 1
            elements[head] = element
        } else {
            elements.insert(element, at: 0)
        }
    }

    mutating func take(_ limit: Int) -> [Element] {
        let end = head + min(limit, count)
        var taken: [Element] = []
        taken.reserveCapacity(end - head)
        while head < end {
            if let element = elements[head] { taken.append(element) }
            elements[head] = nil
            head += 1
        }
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head > elements.count / 2 {
            elements.removeFirst(head)
            head = 0
        }
        return taken
    }
}
