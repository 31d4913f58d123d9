#if Server
    import JSON
    import Testing

    @Suite("Served binary")
    struct ServeTests {
        @Test("it keeps its promises to clients that send nonsense, or ask again")
        func scenarios() throws {
            let run = try CommandLineTool.run([
                "bench", "serve", "http", "cache", "--requests", "200", "--long", "5000", "--json",
            ])
            #expect(run.status == 0, "\(run.errors)")
            let json = try JSONValue(parsing: run.output)
            // More than whole chunks, which are 4096 tokens here.
            #expect(json["cache"]?["cached tokens"]?.int ?? 0 > 4096)
            #expect(json["http"]?["200"] != nil && json["http"]?["400"] != nil)
        }

        @Test(
            "wrong options end at once",
            arguments: [["--chunk", "100"], ["--port", "70000"], ["--memory", "x"], ["--api-key", ""]])
        func wrongOptions(options: [String]) throws {
            let run = try CommandLineTool.run(["serve"] + options)
            #expect(run.status == 64 && run.output.isEmpty, "\(run.errors)")
        }
    }
#endif
