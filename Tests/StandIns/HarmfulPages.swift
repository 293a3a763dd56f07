/// Pages that are meant to cost whoever reads them time, memory or secrets; none has more than 5 MB.
package enum HarmfulPages {
    package static let all = [
        String(repeating: "a\0b<p\0>x", count: 10_000),
        "<p " + String(repeating: "a", count: 2_000_000) + "='1'>x</p>",
        "<!DOCTYPE h [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><p>&b;</p>",
        "<script>" + String(repeating: "x", count: 500_000),
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><title>&e;</title>", "", "<", "</", "<!--",
        "<a href='",
        String(repeating: "<a><b></a>", count: 100_000), String(repeating: "</i>", count: 400_000),
        String(repeating: "<b>", count: 400) + String(repeating: "</i>", count: 1_000_000),
        String(repeating: "<p <p ", count: 300_000), String(repeating: "&", count: 1_000_000),
        String(repeating: "<table><tr><td>", count: 100_000), String(repeating: "<option>", count: 100_000),
    ]
}
