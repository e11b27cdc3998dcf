<?php
/**
 * Connects a shop to Pinterest as the plugin of a shop does that knows nothing but Pinterest's API, in the order of such
 * a plugin: a token through the consent page, the account, the claim of the shop's website by a meta tag in its page,
 * businesses, ad accounts, and the countries of ad accounts.
 *
 *     php packages/server/test/acceptance/shop-plugin.php
 *
 * Reads the variables that `pinfold serve --write-env` writes; needs the extension curl. The shop is a page on this
 * machine, of PHP's own server. Exits with 1, and says what was not as it should be.
 */
declare(strict_types=1);

const REDIRECT_URI = 'http://localhost:9/wc-api/pinterest-connect';
const SCOPES = 'ads:read,ads:write,catalogs:read,catalogs:write,user_accounts:read,user_accounts:write';

try {
    main();
} catch (Deviation $deviation) {
    fwrite(STDERR, $deviation->getMessage() . "\n");
    exit(1);
}

function main(): void
{
    $api = variable('PINTEREST_API_URI') . '/v5';
    $shop = new Shop();
    try {
        $token = tokenByConsent($api);
        $account = account($api, $token);
        claim($api, $token, $shop);
        businesses($api, $token);
        $countries = countries($api, $token);
        adAccounts($api, $token, $account, $countries);
    } finally {
        $shop->close();
    }
    echo "the shop is connected: {$account['username']} has claimed {$shop->website}\n";
}

/** Signs in, approves, and exchanges the code for a token. */
function tokenByConsent(string $api): string
{
    $browser = new Browser(variable('PINTEREST_OAUTH_URI'));
    $state = bin2hex(random_bytes(16));
    $query = http_build_query([
        'client_id' => variable('PINTEREST_APP_ID'),
        'redirect_uri' => REDIRECT_URI,
        'response_type' => 'code',
        'scope' => SCOPES,
        'state' => $state,
    ]);
    $signIn = $browser->open("/oauth/?$query");
    $person = ['username' => variable('PINFOLD_USERNAME'), 'password' => variable('PINFOLD_PASSWORD')];
    $signedIn = $browser->submit($signIn, '/oauth/sign-in', $person);
    check($signedIn['location'] !== null, "{$person['username']} is signed in, and led to the consent page: {$signedIn['status']}");
    $consent = $browser->open($signedIn['location']);
    $answer = $browser->submit($consent, '/oauth/', ['decision' => 'approve']);
    parse_str((string) parse_url($answer['location'] ?? '', PHP_URL_QUERY), $back);
    check(($back['state'] ?? null) === $state, "the consent page leads back with the state; it led to {$answer['location']}");
    check(!empty($back['code']), "the consent page leads back with a code; it led to {$answer['location']}");

    $response = http('POST', "$api/oauth/token", [
        'Authorization: Basic ' . base64_encode(variable('PINTEREST_APP_ID') . ':' . variable('PINTEREST_APP_SECRET')),
        'Content-Type: application/x-www-form-urlencoded',
    ], http_build_query([
        'grant_type' => 'authorization_code',
        'code' => $back['code'],
        'redirect_uri' => REDIRECT_URI,
    ]));
    $given = json_decode($response['text'], true);
    check($response['status'] === 200 && is_string($given['access_token'] ?? null), "a token for the code: {$response['text']}");
    check(is_string($given['refresh_token'] ?? null), 'a refresh token beside the token');
    return $given['access_token'];
}

function account(string $api, string $token): array
{
    $account = call($api, $token, 'GET', '/user_account');
    foreach (['username', 'account_type', 'id', 'profile_image'] as $field)
        check(is_string($account[$field] ?? null), "the account has the field $field");
    check($account['account_type'] === 'BUSINESS', "a shop belongs to a business, not a {$account['account_type']}");
    return $account;
}

/** Puts the code into the page of the shop, and claims it. */
function claim(string $api, string $token, Shop $shop): void
{
    $verification = call($api, $token, 'GET', '/user_account/websites/verification');
    $code = $verification['verification_code'] ?? '';
    check((bool) preg_match('/^[\da-f]{32}$/', $code), "a verification code, not '$code'");
    check(
        str_contains($verification['metatag'] ?? '', $code) && str_contains($verification['metatag'], 'p:domain_verify'),
        'a meta tag with the name p:domain_verify and the code',
    );
    $claim = ['website' => $shop->website, 'verification_method' => 'METATAG'];
    $early = call($api, $token, 'POST', '/user_account/websites', $claim, 400);
    check(str_contains($early['message'] ?? '', $shop->website), "the refusal names the website: {$early['message']}");

    $shop->show("<meta name=\"p:domain_verify\" content=\"$code\"/>");
    $claimed = call($api, $token, 'POST', '/user_account/websites', $claim);
    check(($claimed['status'] ?? null) === 'success', "the claim has the status success: " . json_encode($claimed));
    $again = call($api, $token, 'POST', '/user_account/websites', $claim);
    check($again['status'] === 'already_verified_by_user', 'a second claim says that the first one holds');
    $websites = call($api, $token, 'GET', '/user_account/websites');
    $verified = array_filter($websites['items'], fn ($each) => $each['status'] === 'verified');
    check(in_array($shop->website, array_column($verified, 'website'), true), 'the website is listed as verified');
}

function businesses(string $api, string $token): void
{
    $businesses = call($api, $token, 'GET', '/user_account/businesses');
    check(array_is_list($businesses), 'businesses are a list');
    foreach ($businesses as $business)
        check(isset($business['username'], $business['image_small_url']), 'a business has a username and a picture');
}

/** Returns the currency of each country. */
function countries(string $api, string $token): array
{
    $countries = array_column(call($api, $token, 'GET', '/resources/ad_account_countries')['items'], 'currency', 'code');
    check(($countries['US'] ?? null) === 'USD', 'one pays in dollars in the US');
    return $countries;
}

function adAccounts(string $api, string $token, array $account, array $countries): void
{
    $before = call($api, $token, 'GET', '/ad_accounts?page_size=25')['items'];
    check(count($before) > 0, 'a business has an ad account');
    $given = ['name' => 'Auto-created by the shop', 'country' => 'DE', 'owner_user_id' => $account['id']];
    $made = call($api, $token, 'POST', '/ad_accounts', $given, 201);
    foreach (['name' => $given['name'], 'country' => 'DE', 'currency' => $countries['DE']] as $field => $value)
        check(($made[$field] ?? null) === $value, "the new ad account has the $field $value");
    $got = call($api, $token, 'GET', "/ad_accounts/{$made['id']}");
    check($got['permissions'] === ['OWNER'], 'the new ad account is owned');
    $after = call($api, $token, 'GET', '/ad_accounts?page_size=25')['items'];
    check(count($after) === count($before) + 1 && $after[0]['id'] === $made['id'], 'the new ad account is listed first');
}

/** Sends a request as WordPress does, and returns the answer's JSON. */
function call(string $api, string $token, string $method, string $path, ?array $json = null, int $status = 200): array
{
    $headers = ["Authorization: Bearer $token", 'Content-Type: application/json; charset=utf-8'];
    $response = http($method, $api . $path, $headers, $json === null ? null : json_encode($json));
    check($response['status'] === $status, "$method $path is answered $status, not {$response['status']}: {$response['text']}");
    $answer = json_decode($response['text'], true);
    check(is_array($answer), "$method $path is answered in JSON, not with {$response['text']}");
    return $answer;
}

/** Sends a request and returns status, text and Location of the answer; redirects are not followed. */
function http(string $method, string $url, array $headers = [], ?string $body = null, array $more = []): array
{
    $curl = curl_init($url);
    $location = null;
    curl_setopt_array($curl, $more + [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_USERAGENT => 'WordPress/6.6; http://shop.example',
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$location): int {
            if (stripos($line, 'location:') === 0) $location = trim(substr($line, 9));
            return strlen($line);
        },
    ] + ($body === null ? [] : [CURLOPT_POSTFIELDS => $body]));
    $text = curl_exec($curl);
    check($text !== false, "$method $url is answered: " . curl_error($curl));
    return ['status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'text' => $text, 'location' => $location];
}

function variable(string $name): string
{
    $value = getenv($name);
    check($value !== false && $value !== '', "$name is set: see pinfold serve --write-env");
    return $value;
}

function check(bool $holds, string $what): void
{
    if (!$holds) throw new Deviation("expected: $what");
}

/** Something is not as a plugin expects it. */
class Deviation extends Exception
{
}

/** A person with a browser: keeps cookies, and sends forms as the page has them. */
class Browser
{
    private CurlShareHandle $cookies;

    public function __construct(private string $site)
    {
        $this->cookies = curl_share_init();
        curl_share_setopt($this->cookies, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    }

    public function open(string $path): string
    {
        $page = $this->send('GET', $path);
        check($page['status'] === 200, "$path is a page: {$page['status']}");
        return $page['text'];
    }

    /** Fills in the form on a page with this action, and sends it. */
    public function submit(string $html, string $action, array $fields): array
    {
        preg_match('#<form [^>]*action="' . preg_quote($action) . '"[^>]*>(.*?)</form>#s', $html, $form);
        check(isset($form[1]), "the page has a form that goes to $action");
        preg_match_all('#<input [^>]*?name="([^"]*)"[^>]*?value="([^"]*)"#', $form[1], $inputs);
        $filled = array_combine($inputs[1], array_map('html_entity_decode', $inputs[2]));
        return $this->send('POST', $action, http_build_query($fields + $filled));
    }

    private function send(string $method, string $path, ?string $form = null): array
    {
        $headers = $form === null ? [] : ["Origin: {$this->site}", 'Content-Type: application/x-www-form-urlencoded'];
        $url = str_starts_with($path, 'http') ? $path : $this->site . $path;
        return http($method, $url, $headers, $form, [CURLOPT_SHARE => $this->cookies, CURLOPT_COOKIEFILE => '']);
    }
}

/** A shop on this machine, with one page. */
class Shop
{
    public readonly string $website;
    private string $folder;
    /** @var resource */
    private $server;

    public function __construct()
    {
        $this->folder = sys_get_temp_dir() . '/pinfold-shop-' . bin2hex(random_bytes(8));
        mkdir($this->folder);
        $this->show('');
        $command = [PHP_BINARY, '-S', '127.0.0.1:0', '-t', $this->folder];
        $this->server = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['pipe', 'w']], $pipes);
        $line = (string) fgets($pipes[2]);
        stream_set_blocking($pipes[2], false);
        check((bool) preg_match('#http://(127\.0\.0\.1:\d+)#', $line, $found), "PHP's own server starts: $line");
        $this->website = $found[1];
    }

    /** Shows a page with this in its head. */
    public function show(string $head): void
    {
        file_put_contents("$this->folder/index.html", "<!doctype html><html><head><title>Shop</title>$head</head></html>");
    }

    public function close(): void
    {
        proc_terminate($this->server);
        proc_close($this->server);
        unlink("$this->folder/index.html");
        rmdir($this->folder);
    }
}
