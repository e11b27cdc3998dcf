/**
 * A program in Python that behaves like Pinterest's own SDK, which neither npm nor Debian has: it treats `/v5` as a
 * part of `PINTEREST_API_URI`, and uses urllib3. Its argument is the name of a board to make.
 */
export const likePinterestsSdk = `
import base64, json, os, sys, urllib3

API_URI = os.environ.get("PINTEREST_API_URI", "https://api.pinterest.com/v5")
pool = urllib3.PoolManager()

def call(method, path, token, body=None):
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    response = pool.request(method, API_URI + path, headers=headers, body=json.dumps(body) if body else None)
    return response.status, json.loads(response.data) if response.data else None

def new_access_token():
    app = os.environ["PINTEREST_APP_ID"] + ":" + os.environ["PINTEREST_APP_SECRET"]
    headers = {"Authorization": "Basic " + base64.b64encode(app.encode()).decode(),
               "Content-Type": "application/x-www-form-urlencoded"}
    form = "grant_type=refresh_token&refresh_token=" + os.environ["PINTEREST_REFRESH_ACCESS_TOKEN"]
    response = urllib3.PoolManager().request("POST", API_URI + "/oauth/token", headers=headers, body=form, timeout=20)
    return json.loads(response.data)["access_token"]

token = new_access_token()
_, board = call("POST", "/boards", token, {"name": sys.argv[1], "privacy": "PUBLIC"})
_, found = call("GET", "/boards/" + board["id"], token)
_, section = call("POST", "/boards/" + board["id"] + "/sections", token, {"name": "New"})
_, sections = call("GET", "/boards/" + board["id"] + "/sections?page_size=25", token)
deleted, _ = call("DELETE", "/boards/" + board["id"], token)
_, account = call("GET", "/user_account", os.environ["PINTEREST_ACCESS_TOKEN"])
print(found["name"], [s["name"] for s in sections["items"]], deleted, account["username"])
`
