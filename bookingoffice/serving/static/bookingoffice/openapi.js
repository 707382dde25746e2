// Without an address for the validator, the page would ask a foreign host about the document.
const page = document.getElementById("page");
SwaggerUIBundle({ url: page.dataset.document, domNode: page, validatorUrl: null, persistAuthorization: false });
