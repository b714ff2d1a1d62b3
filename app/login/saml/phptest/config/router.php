<?php
// What Apache does for SimpleSAMLphp: /simplesamlphp is its folder www, and what
// stands behind the name of a script goes to that script. And its clock may go wrong:
// a function of a namespace stands before the one of PHP.
namespace SAML2\Utilities {
    function time(): int { return \PhpTest\clock(); }
}
namespace SimpleSAML\Module\saml\IdP {
    function time(): int { return \PhpTest\clock(); }
}
namespace PhpTest {
    function clock(): int
    {
        static $off = null;
        $off ??= json_decode(file_get_contents(getenv('PHPTEST_FOLDER') . '/say.json'), true)['Clock'];
        return \time() + $off;
    }

    $www = '/usr/share/simplesamlphp/www';
    $path = substr(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), strlen('/simplesamlphp'));
    if (!preg_match('#^(/[\w/.-]*?\.php)(/.*)?$#', $path, $parts) || str_contains($path, '..') || !is_file($www . $parts[1])) {
        $file = str_contains($path, '..') ? '' : $www . $path;
        if (!is_file($file)) {
            http_response_code($_SERVER['REQUEST_URI'] === '/favicon.ico' ? 204 : 404);
            return;
        }
        header('Content-Type: ' . (['css' => 'text/css', 'js' => 'text/javascript', 'png' => 'image/png', 'svg' => 'image/svg+xml'][pathinfo($file, PATHINFO_EXTENSION)] ?? 'application/octet-stream'));
        readfile($file);
        return;
    }
    $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/simplesamlphp' . $parts[1];
    $_SERVER['SCRIPT_FILENAME'] = $www . $parts[1];
    $_SERVER['PATH_INFO'] = $parts[2] ?? '';
    chdir(dirname($www . $parts[1]));
    require $www . $parts[1];
}
