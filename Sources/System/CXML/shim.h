#pragma once
#include <iconv.h>
#include <libxml/xmlversion.h>
// Its headers would bring in those of the distribution's ICU, of whose types Foundation has others of the same names.
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <libxml/parserInternals.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

/// Says that a handler is of the newer kind, which is told namespaces; the value is a macro.
static inline void bureau_xml_expect_namespaces(xmlSAXHandler *handler) { handler->initialized = XML_SAX2_MAGIC; }

static inline xmlNodeSetPtr bureau_xml_nodes(xmlXPathObjectPtr object)
{
    return object->type == XPATH_NODESET ? object->nodesetval : NULL;
}

static inline void bureau_xml_ignore(void *context, xmlErrorPtr error) { (void)context, (void)error; }

/// Mistakes in expressions and pages of strangers are not for the terminal; for this thread.
static inline void bureau_xml_be_quiet(void)
{
    xmlSetStructuredErrorFunc(NULL, (xmlStructuredErrorFunc)bureau_xml_ignore);
}

/// The library's own is a variable, which may be set.
static inline void bureau_xml_free(void *memory) { xmlFree(memory); }
