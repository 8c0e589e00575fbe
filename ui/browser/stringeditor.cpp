// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/stringeditor.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/models/formattreemodel.h"
#include "ui/shared/codeedit.h"
#include "ui/browser/comparedialog.h"
#include "ui/browser/documentpaths.h"
#include "ui/browser/editsender.h"
#include "ui/browser/formatmemory.h"
#include "ui/browser/hexview.h"
#include "ui/browser/stringacts.h"
#include "ui/browser/protodialog.h"
#include "ui/browser/protofiles.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QFrame>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int encodeAfterMs = 250;
constexpr int largestImage = 4096; // in pixels per side

/// Control characters that a text field draws as nothing.
bool isInvisible(QChar letter)
{
    const ushort code = letter.unicode();
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0x7f;
}

Decoded decodeBytes(const QByteArray &bytes, std::optional<FormatChain> chain, const std::stop_token &stop)
{
    return decode(bytes, chain ? *chain : detect(bytes), {}, stop);
}

} // namespace

StringEditor::StringEditor(const Theme &theme, std::shared_ptr<ValueServices> services, FormatMemory &formats,
                           ProtoFiles &protoFiles, QWidget *parent)
    : ValueView(parent)
    , m_theme(theme)
    , m_services(std::move(services))
    , m_formats(formats)
    , m_protoFiles(protoFiles)
    , m_bar(new FormatBar(theme, this))
    , m_code(new CodeEdit(theme, this))
    , m_hex(new HexView(theme, this))
    , m_treeModel(new FormatTreeModel(this))
    , m_tree(new QTreeView(this))
    , m_image(new QLabel(this))
{
    auto *line = new QFrame(this);
    line->setObjectName(u"separator"_s);
    line->setFixedHeight(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(line);
    layout->addWidget(makeStack(), 1);
    layout->addWidget(m_noteBar);
    layout->addWidget(makeTheirsBar());
    m_encodeTimer.setSingleShot(true);
    m_encodeTimer.setInterval(encodeAfterMs);
    connect(&m_encodeTimer, &QTimer::timeout, this, &StringEditor::encodeNow);
    connect(m_bar, &FormatBar::formChanged, this, &StringEditor::updateForm);
    connect(m_bar, &FormatBar::chainChosen, this, [this](const FormatChain &chain) { decodeWith(chain); });
    connect(m_bar, &FormatBar::detectRequested, this, [this] {
        m_formats.forget(FormatMemory::beginningOf(m_head.key));
        decodeWith(std::nullopt);
    });
    connect(m_bar, &FormatBar::keepRequested, this, [this] {
        m_formats.keep(FormatMemory::beginningOf(m_head.key), m_decoded.chain);
        m_bar->offerKeeping({});
    });
    m_acts = new StringActs(m_services, this);
    m_bar->setMenu(m_acts->menu());
    connect(m_acts, &StringActs::editRequested, this, &ValueView::editRequested);
    connect(m_acts, &StringActs::problemFound, this, &ValueView::problemFound);
    connect(m_acts, &StringActs::said, this, &ValueView::said);
    connect(m_hex, &HexView::edited, this, [this] {
        updateReadOnly();
        Q_EMIT changed();
    });
    connect(m_hex, &HexView::cursorMoved, this, &ValueView::changed);
    connect(m_bar, &FormatBar::protoTypeRequested, this, [this] { ProtoDialog::ask(m_protoFiles, m_bar); });
    connect(&m_protoFiles, &ProtoFiles::changed, this, [this] { // an edit keeps the files with which it was begun
        if (m_chosen && ProtoFiles::isTyped(*m_chosen) && !m_protoFiles.isReading() && !isChanged())
            decodeWith(m_chosen);
    });
    connect(m_code, &QPlainTextEdit::textChanged, this, &StringEditor::encodeSoon);
    connect(m_code, &QPlainTextEdit::cursorPositionChanged, this, &ValueView::changed);
    connect(m_hex, &HexView::pageWanted, this, [this](qint64 offset) {
        whenDone(m_services->reader.call<QByteArray>([key = m_head.key, offset](ValueReader &reader) {
            return reader.bytes(key, offset, offset + HexView::pageBytes - 1);
        }),
                 this, [this, offset](const Result<QByteArray> &bytes) {
                     if (bytes)
                         m_hex->takePage(offset, *bytes);
                     else
                         Q_EMIT problemFound(bytes.error());
                 });
    });
}

StringEditor::~StringEditor()
{
    m_stop.request_stop();
}

QWidget *StringEditor::makeStack()
{
    m_stack = new CurrentStack(this);
    m_tree->setModel(m_treeModel);
    m_paths = new DocumentPaths(m_tree, m_services, this);
    connect(m_paths, &DocumentPaths::editRequested, this, &ValueView::editRequested);
    connect(m_paths, &DocumentPaths::problemFound, this, &ValueView::problemFound);
    m_tree->setFont(Theme::monoFont());
    m_tree->setUniformRowHeights(true);
    m_code->setAccessibleName(tr("Value"));
    m_tree->setAccessibleName(tr("Structure"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_tree->header()->resizeSection(2, 120);
    m_image->setAlignment(Qt::AlignCenter);
    m_stack->addWidget(m_code);
    m_stack->addWidget(m_tree);
    m_stack->addWidget(m_hex);
    m_stack->addWidget(m_image);
    m_noteBar = new QFrame(this);
    m_noteBar->setObjectName(u"banner"_s);
    m_note = new ElidedLabel({}, Qt::ElideRight, m_noteBar);
    m_raw = new QPushButton(tr("Show raw"), m_noteBar);
    connect(m_raw, &QPushButton::clicked, this, [this] { m_bar->setForm(FormatBar::Form::Hex); });
    auto *layout = new QHBoxLayout(m_noteBar);
    layout->setContentsMargins(16, 6, 12, 6);
    layout->addWidget(m_note);
    layout->addWidget(m_raw);
    m_noteBar->hide();
    return m_stack;
}

QWidget *StringEditor::makeTheirsBar()
{
    m_theirsBar = new QFrame(this);
    m_theirsBar->setObjectName(u"banner"_s);
    m_theirsBar->setProperty("kind", u"warn"_s);
    auto *words = new ElidedLabel(tr("Changed on the server since you started editing."), Qt::ElideRight, m_theirsBar);
    words->setProperty("tone", u"warn"_s);
    auto *take = new QPushButton(tr("Use theirs"), m_theirsBar);
    auto *both = new QPushButton(tr("Show both…"), m_theirsBar);
    connect(take, &QPushButton::clicked, this, [this] {
        const QByteArray theirs = m_theirs.value_or(m_base);
        m_theirs.reset();
        m_code->document()->setModified(false);
        m_hex->dropEdits();
        show(theirs);
    });
    connect(both, &QPushButton::clicked, this, &StringEditor::showBoth);
    auto *layout = new QHBoxLayout(m_theirsBar);
    layout->setContentsMargins(16, 6, 12, 6);
    layout->addWidget(words);
    layout->addWidget(take);
    layout->addWidget(both);
    m_theirsBar->hide();
    return m_theirsBar;
}

void StringEditor::setHead(const ValueHead &head)
{
    const bool isFirst = m_head.key.isNull() || m_head.type != head.type;
    const bool isLong = head.type == ValueType::String && head.length > wholeBytes;
    const bool resized = m_head.length != head.length;
    m_head = head;
    if (!isFirst && isLong != m_isLong && isChanged()) { // the two modes do not share edits
        if (resized)
            Q_EMIT said(tr("The value has %1 on the server now. Your changes are kept here; saving compares first.")
                            .arg(byteSize(head.length)));
        return;
    }
    const bool wasLong = std::exchange(m_isLong, isLong);
    m_acts->setValue(head, m_isLong || m_base.isNull() ? std::nullopt : std::optional(m_base));
    m_paths->setKey(head.type == ValueType::Json ? head.key : QByteArray());
    if (isFirst)
        m_chosen = m_formats.chainFor(head.key);
    m_bar->setChainShown(!m_isLong);
    updateReadOnly();
    if (!m_isLong) {
        read();
        return;
    }
    if (isFirst || !wasLong || (resized && !m_hex->isEdited())) {
        m_hex->setSize(head.length);
    } else if (!m_hex->isEdited()) {
        m_hex->readAgain();
    }
    if (isFirst || !wasLong)
        m_bar->setForm(FormatBar::Form::Hex);
    read();
}

void StringEditor::read()
{
    const bool isDocument = m_head.type == ValueType::Json;
    whenDone(m_services->reader.call<QByteArray>(
                 [key = m_head.key, isDocument, last = m_isLong ? beginningBytes - 1 : -1](ValueReader &reader) {
                     return isDocument ? reader.document(key) : reader.bytes(key, 0, last);
                 }),
             this, [this](const Result<QByteArray> &bytes) {
                 if (bytes)
                     takeBytes(*bytes);
                 else
                     Q_EMIT problemFound(bytes.error());
             });
}

void StringEditor::takeBytes(const QByteArray &bytes)
{
    if (isChanged()) { // the user's edit is never replaced; a change on the server is only reported
        m_theirs = bytes == m_base ? std::nullopt : std::optional<QByteArray>(bytes);
        m_theirsBar->setVisible(m_theirs.has_value());
        return;
    }
    m_theirs.reset();
    m_theirsBar->hide();
    if (bytes != m_base || m_decoded.chain.steps.isEmpty())
        show(bytes);
}

void StringEditor::show(const QByteArray &bytes)
{
    m_base = bytes;
    m_theirsBar->hide();
    if (!m_isLong)
        m_hex->setBytes(bytes);
    m_acts->setValue(m_head, m_isLong ? std::nullopt : std::optional(bytes));
    decodeWith(m_chosen);
}

void StringEditor::decodeWith(const std::optional<FormatChain> &chain)
{
    m_chosen = chain;
    m_stop.request_stop();
    m_stop = std::stop_source();
    const quint64 round = ++m_round;
    const auto used = chain ? std::optional(m_protoFiles.withSchema(*chain)) : std::nullopt;
    whenDone(QtConcurrent::run(decodeBytes, m_base, used, m_stop.get_token()), this,
             [this, round](const Decoded &decoded) {
                 if (round == m_round)
                     takeDecoded(decoded);
             });
}

void StringEditor::takeDecoded(const Decoded &decoded)
{
    m_decoded = decoded;
    m_encoded.reset();
    m_whyNot.clear();
    m_invisible = std::count_if(decoded.text.begin(), decoded.text.end(), isInvisible);
    m_bar->setChain(decoded.chain, !m_chosen);
    const QByteArray beginning = FormatMemory::beginningOf(m_head.key);
    const bool isKept = m_formats.chainFor(m_head.key) == std::optional(decoded.chain);
    m_bar->offerKeeping(m_chosen && !isKept && !beginning.isEmpty() ? toDisplay(beginning) + u'*' : QString());
    const QSignalBlocker blocker(m_code);
    m_code->setCode(decoded.text, decoded.syntax);
    updateReadOnly();
    m_paths->keepPlace();
    m_treeModel->setTree(decoded.tree);
    m_tree->expandToDepth(1);
    m_paths->setDocument(m_head.type == ValueType::Json ? m_head.key : QByteArray(), decoded.tree);
    m_tree->resizeColumnToContents(0);
    m_tree->header()->resizeSection(0, std::clamp(m_tree->columnWidth(0), 160, 320));
    if (decoded.image && decoded.image->width <= largestImage && decoded.image->height <= largestImage)
        m_image->setPixmap(QPixmap::fromImage(QImage::fromData(decoded.inner)));
    else
        m_image->clear();
    updateForm();
    Q_EMIT changed();
}

void StringEditor::updateForm()
{
    const FormatBar::Form form = m_bar->form();
    if (form == FormatBar::Form::Hex)
        m_stack->setCurrentWidget(m_hex);
    else if (form == FormatBar::Form::Tree && m_decoded.tree)
        m_stack->setCurrentWidget(m_tree);
    else if (m_decoded.image && !m_image->pixmap().isNull())
        m_stack->setCurrentWidget(m_image);
    else
        m_stack->setCurrentWidget(m_code);
    updateNotes();
}

void StringEditor::updateNotes()
{
    QStringList words;
    if (m_decoded.problem) {
        const FormatProblem &problem = *m_decoded.problem;
        words.append(problem.line > 0
                         ? tr("Line %1, column %2: %3").arg(problem.line).arg(problem.column).arg(problem.words)
                         : tr("At byte %1: %2").arg(groupedNumber(problem.offset), problem.words));
    }
    const bool isHex = m_stack->currentWidget() == m_hex; // it shows every byte
    if (m_isLong && !isHex)
        words.append(tr("The first %1 of %2, read-only; Hex shows and edits all of it.")
                         .arg(byteSize(beginningBytes), byteSize(m_head.length)));
    if (!m_code->isExact() && !isHex)
        words.append(tr("It contains line ends or characters that an editor would change, so it cannot be edited here. "
                        "Hex shows and edits them."));
    if (m_invisible > 0 && !isHex)
        words.append(
            tr("%n character(s) of it are invisible, such as NUL; Hex shows them.", nullptr, int(m_invisible)));
    if (m_decoded.truncated)
        words.append(tr("Only a part is shown: a limit on size, depth or time was reached."));
    for (const FormatNote &note : std::as_const(m_decoded.notes))
        words.append(note.text);
    if (!m_decoded.writable && !m_isLong && !m_readOnly && !m_decoded.whyNotWritable.isEmpty())
        words.append(m_decoded.whyNotWritable);
    if (m_hex->isEdited() && !isHex)
        words.append(tr("Bytes were changed in Hex: save or revert them before you edit the text."));
    m_note->setText(words.join(u' '));
    m_note->setProperty("tone", m_decoded.problem ? u"error"_s : u"warn"_s);
    setStyleProperty(m_noteBar, "kind", m_decoded.problem ? QString() : u"warn"_s);
    m_raw->setVisible(m_decoded.problem.has_value());
    m_noteBar->setVisible(!words.isEmpty());
}

void StringEditor::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_paths->setReadOnly(readOnly);
    updateReadOnly();
}

void StringEditor::updateReadOnly()
{
    const bool isHexChanged = m_hex->isEdited(), isTextChanged = !isHexChanged && isChanged();
    m_code->setReadOnly(m_readOnly || m_isLong || isHexChanged || !m_decoded.writable || m_decoded.truncated
                        || !m_code->isExact());
    m_hex->setEditable(!m_readOnly && !isTextChanged && m_head.type == ValueType::String);
    m_acts->setReadOnly(m_readOnly);
}

void StringEditor::showBoth()
{
    if (!m_theirs)
        return;
    whenDone(QtConcurrent::run(decodeBytes, *m_theirs, std::optional(m_decoded.chain), std::stop_token()), this,
             [this](const Decoded &theirs) { compareWith(theirs.text); });
}

void StringEditor::compareWith(const QString &theirs)
{
    auto *dialog = new CompareDialog(m_theme, tr("Your value and the server's"), m_code->code(), theirs, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace slotscope
