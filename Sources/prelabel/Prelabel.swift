import ArgumentParser
import Hummingbird
import Subprocess
import Crypto

@main
struct Prelabel: AsyncParsableCommand { func run() async throws { print("x") } }
