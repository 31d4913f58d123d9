import Checkpoints
import MInferenceTesting
import Testing

@Suite struct GenerationConfigurationTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func allMembersAreRead() throws {
        try directory.write(
            """
            {"bos_token_id": 128000, "eos_token_id": [128001, 128008, 128009], "pad_token_id": null, "do_sample": true,
             "temperature": 0.6, "top_p": 0.9, "top_k": 50, "min_p": 0.05, "repetition_penalty": 1.1,
             "max_new_tokens": 256, "max_length": 4096, "transformers_version": "4.42.3"}
            """, to: "generation_config.json")
        var expected = GenerationConfiguration()
        expected.bosTokenId = 128000
        expected.eosTokenIds = [128001, 128008, 128009]
        expected.doSample = true
        (expected.temperature, expected.topP, expected.topK, expected.minP) = (0.6, 0.9, 50, 0.05)
        (expected.repetitionPenalty, expected.maxNewTokens, expected.maxLength) = (1.1, 256, 4096)
        #expect(try GenerationConfiguration(directory: directory.path) == expected)
    }

    @Test func absentFileSaysNothing() throws {
        #expect(try GenerationConfiguration(directory: directory.path) == GenerationConfiguration())
    }

    @Test(arguments: [
        ("{\"temperature\": -1}", "temperature: expected a number"),
        ("{\"temperature\": \"hot\"}", "temperature: expected a number"),
        ("{\"top_p\": 1.5}", "top_p: expected a number"), ("{\"top_k\": -1}", "top_k: expected an integer"),
        ("{\"do_sample\": 1}", "do_sample: expected true or false"),
        ("{\"repetition_penalty\": 0}", "repetition_penalty: expected a number"),
        ("{\"eos_token_id\": {}}", "eos_token_id: expected a token id"), ("[]", "not a JSON object"),
    ])
    func wrongValueIsAnError(_ text: String, _ reason: String) throws {
        let path = try directory.write(text, to: "generation_config.json")
        let error = #expect(throws: ConfigurationError.self) {
            try GenerationConfiguration(directory: directory.path)
        }
        let message = error?.description ?? ""
        #expect(message.hasPrefix(path) && message.contains(reason), "\(message)")
    }
}
