"""An HTTP server that answers everything with what it was sent, where errors are read."""

import http.server
import json
import threading


class EchoingServer:
    def __init__(self):
        self.status = 500
        self.received = ""
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(errors="replace")
                sent = " ".join(f"{name}: {value}" for name, value in self.headers.items())
                outer.received += f"{self.path} {sent} {body}"
                # The longest first, so that a message that is cut ends within a secret for some padding.
                text = f"{self.headers.get('Authorization', '')} {self.path} {body[:500]} {sent}"
                answer = json.dumps({
                    "error_code": "ECHO", "error_message": text, "message": text, "code": 13, "ok": False,
                    "description": text, "error": {"grpcCode": 13, "httpCode": outer.status, "message": text,
                                                   "type": "echo", "code": "echo"}}).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("X-Request-Id", self.headers.get("Authorization", "none"))
                self.send_header("Location", f"/elsewhere?{self.headers.get('Authorization', '')}")
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
