// The stand-in for Yandex as a child process, on a port of its own choice.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const build = process.env.MLBILLING_BUILD ?? fileURLToPath(new URL("../../build/dev", import.meta.url));

export class Standin {
  static async start() {
    const child = spawn(`${build}/tests/standin/provider_standin`, ["--polls", "1", "--bodies"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout }), "line"),
      once(child, "error").then(([error]) => Promise.reject(error)),
    ]);
    const standin = new Standin();
    standin.child = child;
    standin.url = line.split(" ").at(-1);
    return standin;
  }

  async stop() {
    const ended = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await ended;
  }

  async post(path, body) {
    const answer = await fetch(this.url + path, {
      method: "POST",
      headers: { "Authorization": "Api-Key standin-key", "Content-Type": "application/json" },
      body,
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** The calls of one endpoint that succeeded, with their bodies. */
  async calls(endpoint) {
    const answer = await fetch(this.url + "/control/record");
    const { calls } = await answer.json();
    return calls.filter((call) => call.endpoint === endpoint && call.status === 200);
  }

  /** Has our adapter call all that it can call. */
  async callEverything() {
    const child = spawn(`${build}/tests/conformance/yandex_calls`, [this.url], { stdio: "inherit" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`yandex_calls ended with ${code}`);
  }
}
