import JSON
import Testing

@Suite struct JSONValueTests {
    @Test("members are found by key, the last of duplicates")
    func access() throws {
        let value = try JSONValue(parsing: #"{"a": 1, "b": "x", "a": 2.0, "c": [true, null]}"#)
        #expect(value["a"] == .double(2))
        #expect(value["a"]?.int == 2)
        #expect(value["b"]?.string == "x")
        #expect(value["c"]?.array?.first?.bool == true)
        #expect(value["c"]?.array?.last?.isNull == true)
        #expect(value["d"] == nil)
        #expect(value["b"]?["x"] == nil)
        #expect(value.members?.map(\.key) == ["a", "b", "a", "c"])
    }

    @Test("numbers convert where nothing is lost")
    func numbers() {
        #expect(JSONValue.int(3).double == 3)
        #expect(JSONValue.double(3).int == 3)
        #expect(JSONValue.double(3.5).int == nil)
        #expect(JSONValue.double(1e300).int == nil)
        #expect(JSONValue.string("3").int == nil)
    }

    @Test("texts are written as expected")
    func writing() {
        let value: JSONValue = ["a": [1, 2.5, nil, true], "b": [:], "c\n\"\\\u{1}": "é😀\t", "d": []]
        #expect(
            value.text()
                == #"{"a": [1, 2.5, null, true], "b": {}, "c\n\"\\\u0001": "é😀\t", "d": []}"#)
        #expect(
            JSONValue.object([.init(key: "a", value: [1, [:]])]).text(pretty: true)
                == "{\n  \"a\": [\n    1,\n    {}\n  ]\n}")
        #expect(JSONValue.double(.infinity).text() == "null")
        #expect(JSONValue.double(.nan).text() == "null")
    }
}
