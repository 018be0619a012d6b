from covet import Request, Response, error_response, html_response, json_response, redirect_response, text_response
