// Serves S3 from the directory that the argument names, with one bucket, until it is killed.
// The first line that it prints is its port. A front stands before the library and checks what that
// leaves unchecked: that the body is the one that was signed.
import { createHash } from "node:crypto";
import { createServer, request as send } from "node:http";
import S3rver from "@20minutes/s3rver";

const loopback = "127.0.0.1";
const [directory, bucket] = process.argv.slice(2);
const library = new S3rver({
  directory,
  address: loopback,
  port: 0,
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket }],
});
const behind = await library.run();

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const front = createServer(async (request, response) => {
  const body = await bodyOf(request);
  const hash = createHash("sha256").update(body).digest("hex");
  if (request.headers["x-amz-content-sha256"] !== hash) {
    response.writeHead(400, { "Content-Type": "application/xml" });
    response.end("<Error><Code>XAmzContentSHA256Mismatch</Code></Error>");
    return;
  }
  if (!/SignedHeaders=[^,]*x-amz-content-sha256/.test(request.headers.authorization ?? "")) {
    response.writeHead(403, { "Content-Type": "application/xml" });
    response.end("<Error><Code>AccessDenied</Code></Error>");
    return;
  }
  // With the Host that was signed.
  const { method, url: path, headers } = request;
  const forwarded = send({ host: loopback, port: behind.port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(response);
  });
  forwarded.on("error", () => response.destroy());
  forwarded.end(body);
});

front.listen(0, loopback, () => console.log(front.address().port));
